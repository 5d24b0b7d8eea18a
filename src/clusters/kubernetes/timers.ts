import { DateTime } from "luxon";
import { OperatingError } from "../../base/errors.ts";
import type { RangeMs } from "../../base/interval.ts";
import { exactly, rangeBetween, rangeInMs, spanInMs, spanOf } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { before, milliseconds } from "../../base/time.ts";
import { readLease } from "../../clients/kubernetes/lease-facts.ts";
import type { ClusterTimers } from "../../model/cluster-facts.ts";
import { podsOf } from "./deploy.ts";
import type { KubernetesHandle } from "./naming.ts";
import { LEASES } from "./observe.ts";
import type { Session } from "./session.ts";
import { getIfThere } from "./session.ts";

/** The timers that decide how long this failover takes, just before the kill. */
export async function readTimers(
  session: Session,
  desktop: KubernetesHandle,
  victim: string,
  signal: AbortSignal,
): Promise<ClusterTimers> {
  const pods = await podsOf(session, desktop, signal);
  const pod = pods.find(({ node, deletion }) => node === victim && deletion === null);
  const stamped = await ageByStamp(session, victim, signal);
  const start = session.memory.starts.get(desktop.name);
  const now = session.clock.now();
  return {
    kind: "kubernetes",
    lease_age_ms: ageByWatch(session, victim, now) ?? stamped,
    node_monitor_period_ms: session.cluster.controller_manager.node_monitor_period_ms,
    node_monitor_grace_ms: session.cluster.controller_manager.node_monitor_grace_ms,
    toleration_s: pod?.tolerationSeconds ?? null,
    start_ms: start === undefined ? null : rangeInMs(start),
    at_ms: spanInMs(exactly(now)),
  };
}

const ageIn = ({ clock }: Session, stamp: DateTime): number =>
  clock.wall().diff(stamp).as("milliseconds");

/** The best there is: the watch saw the renewal, so that one clock alone, ours, tells its age. */
function ageByWatch({ memory }: Session, victim: string, now: Instant): RangeMs | null {
  const seen = memory.renewals.get(victim);
  return seen === undefined ? null : rangeInMs(rangeBetween(seen, exactly(now)));
}

/**
 * By stamps: the node's, against the API servers' clock, whose answers tell it the closer the more there were. Clocks that
 * differ make it wrong by as much. A lab's clock is ours.
 */
async function ageByStamp(
  session: Session,
  victim: string,
  signal: AbortSignal,
): Promise<RangeMs | null> {
  try {
    const answer = await getIfThere(session, `${LEASES}/${victim}`, signal);
    const renewed = answer === null ? null : readLease(answer.data).renewTime;
    if (answer === null || renewed === null) return null;
    const stamp = DateTime.fromISO(renewed);
    if (!stamp.isValid) return null;
    const now = spanOf(answer.sent, answer.received);
    const renewal =
      session.cluster.lab === null
        ? session.connection.serverClock.instantOfExactly(stamp.toSeconds())
        : exactly(before(answer.received, milliseconds(ageIn(session, stamp))));
    if (renewal === null) return null;
    const [low, high] = rangeInMs(rangeBetween(renewal, now));
    return [Math.max(0, low), Math.max(0, high)];
  } catch (error) {
    if (error instanceof OperatingError && error.code === "denied") return null;
    throw error;
  }
}
