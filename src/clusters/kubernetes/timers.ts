import { DateTime } from "luxon";
import { OperatingError } from "../../base/errors.ts";
import type { RangeMs, Span } from "../../base/interval.ts";
import { exactly, rangeBetween, rangeInMs, spanInMs, spanOf } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { before, milliseconds } from "../../base/time.ts";
import type { Answer } from "../../clients/kubernetes/connection.ts";
import type { LeaseFacts } from "../../clients/kubernetes/lease-facts.ts";
import { readLease } from "../../clients/kubernetes/lease-facts.ts";
import type { ClusterTimers } from "../../model/cluster-facts.ts";
import { shownAt } from "../survey/shown-at.ts";
import { podsOf } from "./deploy.ts";
import type { KubernetesHandle } from "./naming.ts";
import { LEASES } from "./observe.ts";
import { ownMonitor } from "./own-monitor.ts";
import type { Session } from "./session.ts";
import { getIfThere } from "./session.ts";

/** The timers that decide how long this failover takes, just before the kill. */
export async function readTimers(
  session: Session,
  desktop: KubernetesHandle,
  victim: string,
  signal: AbortSignal,
): Promise<ClusterTimers> {
  const monitor = await ownMonitor(session, signal);
  const pods = await podsOf(session, desktop, signal);
  const pod = pods.find(({ node, deletion }) => node === victim && deletion === null);
  const lease = await leaseOf(session, victim, signal);
  const stamped = lease === null ? null : ageByStamp(session, victim, lease);
  const start = session.memory.starts.ofDeployment(desktop.name);
  const now = session.clock.now();
  const duration_s = lease?.facts.durationSeconds ?? null;
  return {
    kind: "kubernetes",
    lease_age_ms: ageByWatch(session, victim, now) ?? stamped,
    ...monitor,
    ...(duration_s === null ? {} : { lease_duration_ms: 1000 * duration_s }),
    toleration_s: pod?.tolerationSeconds ?? null,
    start_ms: start === null ? null : rangeInMs(start),
    starts_ms: session.memory.starts.ofAllLike(desktop.name).map(rangeInMs),
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

interface ReadLease {
  readonly answer: Answer;
  readonly facts: LeaseFacts;
}

/** The node's Lease; null: there is none, or it may not be read. */
async function leaseOf(
  session: Session,
  node: string,
  signal: AbortSignal,
): Promise<ReadLease | null> {
  try {
    const answer = await getIfThere(session, `${LEASES}/${node}`, signal);
    return answer === null ? null : { answer, facts: readLease(answer.data) };
  } catch (error) {
    if (error instanceof OperatingError && error.code === "denied") return null;
    throw error;
  }
}

/** By stamps, as far as clocks are known. */
function ageByStamp(session: Session, node: string, { answer, facts }: ReadLease): RangeMs | null {
  if (facts.renewTime === null) return null;
  const stamp = DateTime.fromISO(facts.renewTime);
  if (!stamp.isValid) return null;
  const now = spanOf(answer.sent, answer.received);
  const renewal = renewedAt(session, node, stamp, answer);
  if (renewal === null) return null;
  const [low, high] = rangeInMs(rangeBetween(renewal, now));
  return [Math.max(0, low), Math.max(0, high)];
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
