import { present } from "../../base/assert.ts";
import type { Duration, Instant } from "../../base/time.ts";
import { after, later, seconds, times, zero } from "../../base/time.ts";
import type { Cluster } from "./cluster.ts";
import type { Crm } from "./crm.ts";
import type { Lrm } from "./lrm.ts";
import type { Machines } from "./machines.ts";
import { MANAGER_LOCK, agentLock } from "./pmxcfs-locks.ts";
import type { Begun, Standing } from "./standing.ts";
import {
  ACTIVE_LRM_LOOP,
  ACTIVE_LRM_WRITES_AFTER,
  CRM_LOOP,
  CRM_WRITES_AFTER,
  begunIdleRound,
  begunRound,
} from "./standing.ts";

/** Any age beyond a lock's life. */
const LEFT_SECONDS = 1000;

/** CRM and LRM of every node, as they stand. Phases that nobody gives are independent of each other and uniform. */
export function startDaemons(
  cluster: Cluster,
  machines: Machines,
  { standing, master: asked }: { readonly standing: Standing; readonly master: string | null },
): void {
  const { simulation, nodes, ring } = cluster;
  const random = simulation.random.fork("phases");
  const anyNode = nodes[Math.floor(random.next() * nodes.length)];
  const master = present(asked ?? anyNode, "a node");
  const lastMessages: Instant[] = [];
  for (const node of nodes) {
    const { crm, lrm } = machines.get(node).install();
    const crmPhase = random.next();
    const lrmPhase = random.next();
    if (node === master) {
      const begun = begunRound(simulation, CRM_LOOP, { age: standing.crmAge, phase: crmPhase });
      startMaster(cluster, node, { crm, begun });
      lastMessages.push(lastMessage(cluster, begun, CRM_WRITES_AFTER));
    } else {
      crm.start(times(seconds(1), crmPhase));
    }
    const known = { age: standing.lrmAges.get(node) ?? null, phase: lrmPhase };
    const isBusy = standing.vms.has(node);
    if (isBusy || standing.emptyLrms.has(node)) {
      const begun = begunRound(simulation, ACTIVE_LRM_LOOP, known);
      startActive(cluster, node, { lrm, begun });
      lastMessages.push(
        lastMessage(cluster, begun, isBusy ? ACTIVE_LRM_WRITES_AFTER : ACTIVE_LRM_LOOP.works),
      );
    } else {
      const begun = begunIdleRound(simulation, known);
      startIdle(cluster, node, { lrm, begun });
      if (standing.fencedBefore.has(node)) leaveLock(cluster, node, master);
      lastMessages.push(lastMessage(cluster, begun, zero));
    }
  }
  ring.assumeMessageAt(lastMessages.reduce(later));
}

function startMaster(
  { simulation, nodes, files, locks }: Cluster,
  node: string,
  { crm, begun }: { readonly crm: Crm; readonly begun: Begun },
): void {
  const wallSeconds = simulation.wallSeconds(begun.began);
  const online = nodes.map((each) => [each, "online"] as const);
  files.managerStatus = {
    ...files.managerStatus,
    master: node,
    wallSeconds,
    nodes: Object.fromEntries(online),
  };
  locks.assumeHeld(node, MANAGER_LOCK, wallSeconds);
  crm.startAsMaster(wallSeconds, begun.wait);
}

interface StartedLrm {
  readonly lrm: Lrm;
  readonly begun: Begun;
}

function startActive({ simulation, files, locks }: Cluster, node: string, start: StartedLrm): void {
  const { lrm, begun } = start;
  const wallSeconds = simulation.wallSeconds(begun.began);
  files.lrmStatus.set(node, { state: "active", mode: "active", wallSeconds, results: {} });
  locks.assumeHeld(node, agentLock(node), wallSeconds);
  lrm.startActive(wallSeconds, begun.wait);
}

function startIdle({ simulation, files }: Cluster, node: string, { lrm, begun }: StartedLrm): void {
  files.lrmStatus.set(node, {
    state: "wait_for_agent_lock",
    mode: "active",
    wallSeconds: simulation.wallSeconds(begun.began),
    results: {},
  });
  lrm.start(begun.wait);
}

/** One that has long expired: no trial begins before. */
function leaveLock({ simulation, locks }: Cluster, node: string, master: string): void {
  locks.assumeHeld(master, agentLock(node), simulation.wallSeconds() - LEFT_SECONDS);
}

/** A loop writes at the head of its round and `writesAfter`. */
function lastMessage({ simulation }: Cluster, { began }: Begun, writesAfter: Duration): Instant {
  const written = after(began, writesAfter);
  return written <= simulation.now() ? written : began;
}
