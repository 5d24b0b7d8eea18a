import type { RangeMs, SpanMs } from "../../base/interval.ts";
import { middleMs } from "../../base/interval.ts";
import type { Step } from "./chain.ts";
import { lengthBetween } from "./chain.ts";
import type { Failover, ProxmoxTimers } from "./failover.ts";
import { sightingOf } from "./failover.ts";
import {
  ACTIVE_LRM_ROUNDS,
  CRM_ROUND_MS,
  CRM_ROUNDS,
  CRM_USUAL_ROUND,
  LOCK_LIFE,
  membershipChange,
} from "./rounds.ts";
import { common, lastBefore, later, sooner } from "./spans.ts";

export type End = Pick<Step, "end" | "seen">;

/** When corosync had a membership without the victim: seen, as far as the rule allows; or by the rule alone. */
export function membershipOf(
  failover: Failover,
  timers: ProxmoxTimers,
): End & { readonly end: SpanMs } {
  const ruled = later(failover.fault, membershipChange(timers));
  const seen = sightingOf(failover, "membership-lost", failover.victim);
  return seen === null
    ? { end: ruled, seen: false }
    : { end: common(seen, ruled) ?? seen, seen: true };
}

export interface LockInstants {
  /** The last renewal before the fault; null: its age was not read. */
  readonly renewed: SpanMs | null;
  /** From when on the judge lets it go. */
  readonly expired: SpanMs | null;
  /** The CRM round in which it was let go, one before the one that took it. */
  readonly unlocked: SpanMs | null;
}

/**
 * The agent lock of a victim that was not the CRM master: two rounds take it over, and the second one was seen. When it was
 * the one in fifty that is a second short, the border between the two is wrong by that.
 */
export function agentLock({ fault, instants }: Failover, timers: ProxmoxTimers): LockInstants {
  const { lock_age_ms, at_ms } = timers;
  const { fenced } = instants;
  const renewed =
    lock_age_ms === null
      ? null
      : lastBefore(fault, { at: at_ms, age: lock_age_ms }, ACTIVE_LRM_ROUNDS);
  const unlocked = fenced === null ? null : sooner(fenced, CRM_USUAL_ROUND);
  const expired = expiryOf(renewed, unlocked);
  return { renewed: renewalOf(renewed, expired), unlocked, expired };
}

/** When it expired tells, the other way round, when it was renewed: before or after the reading of its age. */
const renewalOf = (read: SpanMs | null, expired: SpanMs | null): SpanMs | null =>
  read === null || expired === null ? read : (common(read, sooner(expired, LOCK_LIFE)) ?? read);

/** The first round after it unlocks, so it lies less than a round before that one. */
function expiryOf(renewed: SpanMs | null, unlocked: SpanMs | null): SpanMs | null {
  if (renewed === null) return null;
  const ruled = later(renewed, LOCK_LIFE);
  return unlocked === null ? ruled : common(ruled, sooner(unlocked, [0, CRM_ROUNDS[1]]));
}

/**
 * Whether a CRM round was under way while corosync re-formed: it had taken its list of members before, so the node is
 * missed only a whole round after the new membership. Null: cannot be told.
 */
export function caughtInTheFreeze(
  { instants: { node_lost } }: Failover,
  timers: ProxmoxTimers,
  membership: SpanMs,
): boolean | null {
  if (node_lost === null) return null;
  const [change] = membershipChange(timers);
  const [least, most] = lengthBetween(membership, node_lost);
  if (least > CRM_ROUNDS[1] - change) return true;
  return most < CRM_ROUNDS[0] ? false : null;
}

/**
 * Whether the lock was taken a round later than a lock of the greatest age would have been. Only told of a kill whose
 * rounds begin with the new membership.
 */
export function lateByARound(
  { instants: { fenced } }: Failover,
  timers: ProxmoxTimers,
  membership: SpanMs,
): boolean {
  if (fenced === null) return false;
  const change: RangeMs = membershipChange(timers);
  const soonest = LOCK_LIFE[0] - ACTIVE_LRM_ROUNDS[1] - change[0];
  const unlocking = Math.ceil(soonest / CRM_ROUND_MS);
  const taken = Math.round((middleMs(fenced) - middleMs(membership)) / CRM_ROUND_MS);
  return taken > unlocking + 1;
}
