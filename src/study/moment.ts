import { middleMs } from "../base/interval.ts";
import type { Duration, Instant } from "../base/time.ts";
import { instantInMs, milliseconds, seconds, times } from "../base/time.ts";
import type { Random } from "../contracts/random.ts";
import type { ClusterTimers } from "../model/cluster-facts.ts";
import { renewalPeriodMs } from "../model/cycles.ts";
import type { Moment } from "../model/experiment.ts";

type Sweep = Extract<Moment, { readonly kind: "sweep" }>;

/**
 * The longest cycle that decides when a node is missed: PVE's CRM and LRM rounds (facts/proxmox-ve.md 1.1) and the
 * kubelet's lease renewal (facts/kubernetes.md 1) are all 10 s.
 */
const LONGEST_CYCLE = seconds(10);

/** Anywhere in the cluster's own cycles, so that repeated trials sample them all. */
export const anyWait = (random: Random): Duration => times(LONGEST_CYCLE, random.next());

/** The age at which trial `repetition` of `trials` strikes: a random one within its own part of the sweep. */
export function ageOfTrial(
  { from_ms, to_ms }: Sweep,
  { repetition, trials }: { readonly repetition: number; readonly trials: number },
  random: Random,
): number {
  return from_ms + ((to_ms - from_ms) * (repetition - 1 + random.next())) / trials;
}

/** From `now` until the victim's lock or lease is as old as wanted, this time or after its next renewal; null: its age is not known. */
export function untilAge(
  age_ms: number,
  { timers, now }: { readonly timers: ClusterTimers; readonly now: Instant },
): Duration | null {
  const read = timers.kind === "proxmox" ? timers.lock_age_ms : timers.lease_age_ms;
  if (read === null) return null;
  const period = renewalPeriodMs(timers);
  const age = middleMs(read) + instantInMs(now) - middleMs(timers.at_ms);
  return milliseconds((((age_ms - age) % period) + period) % period);
}
