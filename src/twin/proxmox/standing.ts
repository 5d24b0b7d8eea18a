import type { Duration, Instant } from "../../base/time.ts";
import { after, before, between, longer, sum, times, zero } from "../../base/time.ts";
import type { Cluster } from "./cluster.ts";
import {
  CRM_FLUSH_COST,
  CRM_LOCK_COST,
  CRM_PASS_COST,
  IDLE_SLEEP,
  LRM_IDLE_COST,
  LRM_LOCK_COST,
  LRM_STATUS_COST,
  LRM_WORK_COST,
  ONE_SECOND_SLEEP,
  ROUND_SECONDS,
} from "./constants.ts";
import { newService, writtenServices } from "./managed-service.ts";
import { sleepUntil } from "./node-process.ts";
import type { Simulation } from "./simulation.ts";

/** How a cluster stands when the model begins, so that nothing of what led to it has to be played. */
export interface Standing {
  /** VMs that have been running under HA for long, by the node that hosts them: its LRM is active. */
  readonly vms: ReadonlyMap<string, number>;
  /** LRMs that are active without a service: the last one went less than ten minutes ago. */
  readonly emptyLrms: ReadonlySet<string>;
  /** Nodes that were fenced and came back: the CRM master took their agent lock then, and nobody has given it back. */
  readonly fencedBefore: ReadonlySet<string>;
  /** Since the CRM master's last round began; null: any time of a round. */
  readonly crmAge: Duration | null;
  /** The same of LRMs, by node; of those that are not in it, any. */
  readonly lrmAges: ReadonlyMap<string, Duration>;
}

export const nothingYet: Standing = {
  vms: new Map(),
  emptyLrms: new Set(),
  fencedBefore: new Set(),
  crmAge: null,
  lrmAges: new Map(),
};

/** A round of a loop as it comes out: it notes the time after `looks`, and goes to sleep after `works`. */
interface Loop {
  readonly round: Duration;
  readonly looks: Duration;
  readonly works: Duration;
}

const tenSeconds = (looks: Duration, works: Duration): Loop => ({
  round: sum(times(ONE_SECOND_SLEEP, ROUND_SECONDS), works),
  looks,
  works,
});

export const CRM_LOOP = tenSeconds(
  CRM_LOCK_COST,
  sum(CRM_LOCK_COST, CRM_PASS_COST, CRM_FLUSH_COST),
);
export const ACTIVE_LRM_LOOP = tenSeconds(
  LRM_LOCK_COST,
  sum(LRM_LOCK_COST, LRM_WORK_COST, LRM_STATUS_COST),
);
/** One that has services looks at them in each round, and sleeps for its first second until that is done. */
export const ACTIVE_LRM_WRITES_AFTER = sum(ACTIVE_LRM_LOOP.works, ONE_SECOND_SLEEP);
export const CRM_WRITES_AFTER = CRM_LOOP.works;
export const IDLE_LRM_ROUND = sum(IDLE_SLEEP, LRM_IDLE_COST);

/** A round under way at the beginning. */
export interface Begun {
  readonly began: Instant;
  /** Until the next. */
  readonly wait: Duration;
}

/**
 * Of an age that is known, as the loop goes on from it; else at `phase` (0 to 1) of a round. One that would be over by now
 * is none of the few that truncated seconds make a second shorter.
 */
export function begunRound(
  simulation: Simulation,
  { round, looks, works }: Loop,
  { age, phase }: { readonly age: Duration | null; readonly phase: number },
): Begun {
  const now = simulation.now();
  if (age === null) {
    const wait = times(round, phase);
    return { began: before(after(now, wait), round), wait };
  }
  const began = before(now, age);
  const wall = simulation.wallSeconds(after(began, looks)) + ROUND_SECONDS;
  const asleep = after(began, works);
  const slept = after(asleep, sleepUntil(simulation, asleep, wall));
  const end = slept > now ? slept : after(began, round);
  return { began, wait: longer(zero, between(now, end)) };
}

/** An idle LRM's, which takes no heed of whole seconds. */
export function begunIdleRound(
  simulation: Simulation,
  { age, phase }: { readonly age: Duration | null; readonly phase: number },
): Begun {
  const now = simulation.now();
  const wait =
    age === null
      ? times(IDLE_LRM_ROUND, phase)
      : longer(zero, between(now, after(before(now, age), IDLE_LRM_ROUND)));
  return { began: before(after(now, wait), IDLE_LRM_ROUND), wait };
}

/** The VMs and their services as they have been for long. */
export function placeServices({ vms, files }: Cluster, standing: Standing): void {
  const services = [...standing.vms].map(([node, vmid]) => {
    const sid = `vm:${vmid}`;
    vms.create({ vmid, node, template: false, config: { name: `desktop-${vmid}` } });
    vms.boot(vmid, vmid);
    files.resources.set(sid, {
      sid,
      state: "started",
      failback: 0,
      maxRestart: null,
      maxRelocate: null,
      comment: null,
    });
    return { ...newService(sid, "started", node, sid), running: true };
  });
  files.managerStatus = { ...files.managerStatus, ...writtenServices(services) };
}
