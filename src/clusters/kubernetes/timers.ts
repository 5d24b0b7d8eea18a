import { DateTime } from "luxon";
import { OperatingError } from "../../base/errors.ts";
import type { RangeMs, Span } from "../../base/interval.ts";
import { exactly, rangeBetween, rangeInMs, spanInMs, spanOf } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { before, milliseconds } from "../../base/time.ts";
import type { Answer } from "../../clients/kubernetes/connection.ts";
import { readLease } from "../../clients/kubernetes/lease-facts.ts";
import type { ClusterTimers } from "../../model/cluster-facts.ts";
import { shownAt } from "../survey/shown-at.ts";
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

/** By stamps, as far as clocks are known. */
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
    const renewal = renewedAt(session, victim, stamp, answer);
    if (renewal === null) return null;
    const [low, high] = rangeInMs(rangeBetween(renewal, now));
    return [Math.max(0, low), Math.max(0, high)];
  } catch (error) {
    if (error instanceof OperatingError && error.code === "denied") return null;
    throw error;
  }
}

/**
 * The stamp is of the node's clock. Where that was not asked, the API servers' stands for it, whose answers tell it the
 * closer the more there were; clocks that differ make it wrong by as much. A lab's clock is ours.
 */
function renewedAt(
  session: Session,
  node: string,
  stamp: DateTime,
  { received }: Answer,
): Span | null {
  const shown = stamp.toSeconds();
  const known = shownAt(session.memory.clocks, node, [shown, shown]);
  if (known !== null) return known;
  return session.cluster.lab === null
    ? session.connection.serverClock.instantOfExactly(shown)
    : exactly(before(received, milliseconds(ageIn(session, stamp))));
}
