import type { RangeMs, SpanMs } from "../base/interval.ts";
import type { ClusterTimers, ControlPlaneEvent } from "../model/cluster-facts.ts";
import { renewalPeriodMs } from "../model/cycles.ts";
import type { TrialResult } from "../model/trial-result.ts";

/**
 * How far the cluster's own cycle had gone at the fault. The timers were read just before it; a lease that was renewed
 * between then and the victim's death is as young as that renewal, which the watch tells a moment later.
 */
export function cycleAge(
  timers: ClusterTimers | null,
  events: readonly ControlPlaneEvent[],
  fault: SpanMs | null,
): TrialResult["cycle_age"] {
  if (timers === null || fault === null) return null;
  const age_ms = ageAt(timers, events, fault);
  if (age_ms === null) return null;
  return { of: timers.kind === "proxmox" ? "agent-lock" : "lease", age_ms };
}

/** The age of the agent lock or lease at a moment, or somewhere within a span; milliseconds. Null: nothing was read. */
export function ageAt(
  timers: ClusterTimers,
  events: readonly ControlPlaneEvent[],
  [earliest, latest]: SpanMs,
): RangeMs | null {
  const renewed = events.findLast(
    ({ kind, observed_ms }) => kind === "lease-renewed" && observed_ms[0] <= latest,
  );
  if (renewed !== undefined) {
    const [sooner, later] = renewed.observed_ms;
    return [Math.max(0, earliest - later), latest - sooner];
  }
  const age = timers.kind === "proxmox" ? timers.lock_age_ms : timers.lease_age_ms;
  if (age === null) return null;
  const [readEarliest, readLatest] = timers.at_ms;
  const later: RangeMs = [Math.max(0, earliest - readLatest), latest - readEarliest];
  if (timers.kind === "kubernetes") return [age[0] + later[0], age[1] + later[1]];
  return throughRounds(age, later);
}

const LOCK_ROUND_MS = renewalPeriodMs["lock-age"];
/** A renewal shows in the LRM's status up to a second and its own work later (facts/proxmox-ve.md 1.7). */
const OLDEST_LOCK_MS = LOCK_ROUND_MS + 1100;

/**
 * Nobody watches the agent lock: it is renewed in each round, unseen where that was after the reading. An age that may be of
 * before or after such a renewal is any of a round.
 */
function throughRounds(age: RangeMs, later: RangeMs): RangeMs {
  const low = age[0] + later[0];
  const high = Math.max(low, Math.min(age[1], OLDEST_LOCK_MS) + later[1]);
  const [first, last] = [low, high].map((each) => Math.floor(each / LOCK_ROUND_MS));
  if (later[1] === 0 || last === 0) return [low, high];
  if (first !== last) return [0, LOCK_ROUND_MS];
  const renewed = LOCK_ROUND_MS * (last ?? 0);
  return [low - renewed, high - renewed];
}
