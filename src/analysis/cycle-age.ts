import type { RangeMs, SpanMs } from "../base/interval.ts";
import type { ClusterTimers, ControlPlaneEvent } from "../model/cluster-facts.ts";
import type { TrialResult } from "../model/trial-result.ts";
import { lengthBetween } from "./explanation/chain.ts";
import { ACTIVE_LRM_ROUNDS } from "./explanation/rounds.ts";
import { lastBefore } from "./explanation/spans.ts";

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
  const renewed = latestRenewal(events, latest);
  if (renewed !== null) {
    const [sooner, later] = renewed.observed_ms;
    return [Math.max(0, earliest - later), latest - sooner];
  }
  const age = timers.kind === "proxmox" ? timers.lock_age_ms : timers.lease_age_ms;
  if (age === null) return null;
  const at = timers.at_ms;
  if (timers.kind === "kubernetes") {
    return [age[0] + Math.max(0, earliest - at[1]), age[1] + latest - at[0]];
  }
  // Nobody watches the agent lock: it is renewed in each round, unseen where that was after the reading.
  const moment = [earliest, latest] as const;
  return lengthBetween(lastBefore(moment, { at, age }, ACTIVE_LRM_ROUNDS), moment);
}

/** The last renewal that was told and may have come by then; null: none was. */
export const latestRenewal = (
  events: readonly ControlPlaneEvent[],
  by_ms: number,
): ControlPlaneEvent | null =>
  events.findLast(({ kind, observed_ms }) => kind === "lease-renewed" && observed_ms[0] <= by_ms) ??
  null;
