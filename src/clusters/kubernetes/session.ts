import { DateTime } from "luxon";
import type { Span } from "../../base/interval.ts";
import { between, inMs, longer, milliseconds } from "../../base/time.ts";
import type { Answer, KubernetesConnection } from "../../clients/kubernetes/connection.ts";
import { KubernetesApiError } from "../../clients/kubernetes/api-error.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ClocksRead } from "../../model/clock-offset.ts";
import type { KubernetesCluster } from "../../model/inventory.ts";
import { LateRequests } from "../shared/late-requests.ts";
import { PodStarts } from "./pod-starts.ts";
import type { ControlPlaneFlags } from "./survey/flags.ts";

/** What all parts of the driver share. */
export interface Session {
  readonly cluster: KubernetesCluster;
  readonly clock: Clock;
  readonly connection: KubernetesConnection;
  readonly memory: Memory;
}

export interface Memory {
  /** Names of this run's desktops: they are nobody else's workload. */
  readonly own: Set<string>;
  readonly late: LateRequests;
  /** When a node's lease was last seen to be renewed, by the watch. */
  readonly renewals: Map<string, Span>;
  readonly starts: PodStarts;
  /** As they were asked last. */
  clocks: ClocksRead | null;
  /** The control plane's flags; null: it has not told them. */
  flags: ControlPlaneFlags | null;
}

export const newMemory = (): Memory => ({
  own: new Set(),
  late: new LateRequests(),
  renewals: new Map(),
  starts: new PodStarts(),
  clocks: null,
  flags: null,
});

export const get = async (session: Session, path: string, signal: AbortSignal): Promise<Answer> =>
  await session.connection.request({ method: "GET", path }, signal);

/** The answer, or null where there is no such thing. */
export async function getIfThere(
  session: Session,
  path: string,
  signal: AbortSignal,
): Promise<Answer | null> {
  try {
    return await get(session, path, signal);
  } catch (error) {
    if (hasStatus(error, 404)) return null;
    throw error;
  }
}

export const hasStatus = (error: unknown, status: number): boolean =>
  error instanceof KubernetesApiError && error.status === status;

/** Between two looks at what is waited for. */
export const pause = async ({ clock }: Session, signal: AbortSignal): Promise<void> =>
  await clock.sleep(longer(milliseconds(500), clock.floor.period), signal);

/**
 * The cluster's wall clock at the latest when it gave this answer, so that what it tells is at least as old as it looks:
 * others tell it in the Date header, cut to the second; a lab's is ours, when we asked.
 */
export function wallOf({ cluster, clock }: Session, { date, sent }: Answer): DateTime {
  const told = cluster.lab === null && date !== null ? DateTime.fromHTTP(date) : null;
  if (told?.isValid === true) return told;
  return clock.wall().minus(inMs(between(sent, clock.now())));
}
