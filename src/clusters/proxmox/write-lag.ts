import type { DurationRange } from "../../base/interval.ts";
import type { Duration } from "../../base/time.ts";
import { longer, seconds, sum, times, zero } from "../../base/time.ts";
import type { ManagerStatus, ServiceStatus } from "../../clients/proxmox/replies.ts";

/** A round that forks any worker looks for its end only a second later (pve-ha-manager HA/LRM.pm, run_workers). */
const WORKERS_LOOK = seconds(1);
/** So many at once, unless datacenter.cfg says otherwise (facts 1.1). */
const WORKERS = 4;
/** It looks again while less than 9 s have gone by, for work that takes longer than a check. */
const LONGEST_WORK = seconds(10);
/** What a round's own steps take: 36 ms on a real stack (facts 7); more than this is assumed not to be. */
const OWN_STEPS = seconds(0.1);
/** Stamps of two rounds that follow each other differ by less. */
const NEXT_ROUND_S = 15;

/**
 * From the renewal of a node's agent lock, at the start of an LRM's round, to the stamp at its end. `after` shows that stamp,
 * and `before` the one before it; null: it was not seen.
 *
 * The CRM gives a running service a new uid as soon as it has a result, so that the LRM checks it in most rounds. One that
 * began before there was a new uid forks nobody, and its results bear the old ones.
 */
export function writeLag(
  node: string,
  before: ManagerStatus | null,
  after: ManagerStatus,
): DurationRange {
  const services = [before, after].map((status) => servicesOn(node, status));
  const most = sum(services.map(worksFor).reduce(longer), OWN_STEPS);
  const work = hadWork(node, before, after);
  if (work === true) return { low: WORKERS_LOOK, high: most };
  const mayHave = work === null || services.flat().some(isStopped);
  return { low: zero, high: mayHave ? most : OWN_STEPS };
}

const servicesOn = (node: string, status: ManagerStatus | null): readonly ServiceStatus[] =>
  Object.values(status?.manager_status.service_status ?? {}).filter((each) => each.node === node);

/** Whether the round that wrote the newer stamp forked workers, by the results that it wrote; null: cannot be told. */
function hadWork(node: string, before: ManagerStatus | null, after: ManagerStatus): boolean | null {
  const [older, newer] = [before?.lrm_status[node], after.lrm_status[node]];
  if (older === undefined || newer === undefined) return null;
  if (!areNeighbours(older.timestamp, newer.timestamp)) return null;
  const known = new Set(Object.keys(older.results));
  return Object.keys(newer.results).some((uid) => !known.has(uid));
}

const areNeighbours = (older: number | null, newer: number | null): boolean =>
  older !== null && newer !== null && newer - older <= NEXT_ROUND_S;

const worksFor = (services: readonly ServiceStatus[]): Duration =>
  services.some(isBusy)
    ? LONGEST_WORK
    : times(WORKERS_LOOK, Math.max(1, Math.ceil(services.length / WORKERS)));

/** It is asked for in every round, whatever its result. */
const isStopped = ({ state }: ServiceStatus): boolean => state === "stopped";

const BUSY = new Set(["request_start", "request_stop", "migrate", "relocate"]);

const isBusy = ({ state, running }: ServiceStatus): boolean =>
  BUSY.has(state) || (state === "started" && !running);
