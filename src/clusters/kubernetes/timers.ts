import { DateTime } from "luxon";
import { OperatingError } from "../../base/errors.ts";
import type { RangeMs } from "../../base/interval.ts";
import { exactly, rangeBetween, rangeInMs, spanInMs } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { between, inMs } from "../../base/time.ts";
import { readLease } from "../../clients/kubernetes/lease-facts.ts";
import type { ClusterTimers } from "../../model/cluster-facts.ts";
import { podsOf } from "./deploy.ts";
import type { KubernetesHandle } from "./naming.ts";
import { LEASES } from "./observe.ts";
import type { Session } from "./session.ts";
import { getIfThere, wallOf } from "./session.ts";

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
  const now = session.clock.now();
  return {
    kind: "kubernetes",
    lease_age_ms: ageByWatch(session, victim, now) ?? stamped,
    node_monitor_period_ms: session.cluster.controller_manager.node_monitor_period_ms,
    node_monitor_grace_ms: session.cluster.controller_manager.node_monitor_grace_ms,
    toleration_s: pod?.tolerationSeconds ?? null,
    at_ms: spanInMs(exactly(now)),
  };
}

/** The best there is: the watch saw the renewal, so that one clock alone, ours, tells its age. */
function ageByWatch({ memory }: Session, victim: string, now: Instant): RangeMs | null {
  const seen = memory.renewals.get(victim);
  return seen === undefined ? null : rangeInMs(rangeBetween(seen, exactly(now)));
}

/** By stamps: the node's, against the server's to the second. Clocks that differ make it wrong by as much. */
async function ageByStamp(
  session: Session,
  victim: string,
  signal: AbortSignal,
): Promise<RangeMs | null> {
  try {
    const answer = await getIfThere(session, `${LEASES}/${victim}`, signal);
    const renewed = answer === null ? null : readLease(answer.data).renewTime;
    if (answer === null || renewed === null) return null;
    const age = wallOf(session, answer).diff(DateTime.fromISO(renewed)).as("milliseconds");
    if (!Number.isFinite(age)) return null;
    const trip = inMs(between(answer.sent, answer.received));
    const cut = session.cluster.lab === null && answer.date !== null ? 1000 : 0;
    return [Math.max(0, age - trip), Math.max(0, age) + trip + cut];
  } catch (error) {
    if (error instanceof OperatingError && error.code === "denied") return null;
    throw error;
  }
}
