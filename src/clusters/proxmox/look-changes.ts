import { spanInMs } from "../../base/interval.ts";
import type { ServiceStatus, Task } from "../../clients/proxmox/replies.ts";
import type { ControlPlaneEvent, ControlPlaneEventKind } from "../../model/cluster-facts.ts";
import { sidOf } from "../../clients/proxmox/calls.ts";
import type { Look } from "./look.ts";

const MEMBERSHIP = "GET /cluster/status";
const MANAGER = "GET /cluster/ha/status/manager_status";
const TASKS = "GET /cluster/tasks";
const RESOURCES = "GET /cluster/resources";

export interface Subject {
  readonly vmid: number;
  /** Null until it is known: then every node that is lost is another one. */
  readonly victim: string | null;
}

/** What happened between two looks, in the order in which PVE does it. Each fact lies between the two. */
export function changesBetween(
  previous: Look,
  current: Look,
  subject: Subject,
): readonly ControlPlaneEvent[] {
  return [
    ...membersLost(previous, current, subject),
    ...nodeLost(previous, current, subject),
    ...fencing(previous, current, subject),
    ...nodeChosen(previous, current, subject),
    ...instancesStarted(previous, current, subject),
    ...instanceMoved(previous, current, subject),
    ...nodeReturned(previous, current, subject),
  ];
}

function membersLost(previous: Look, current: Look, { victim }: Subject): ControlPlaneEvent[] {
  return [...previous.online]
    .filter((node) => !current.online.has(node))
    .map((node) =>
      event(node === victim ? "membership-lost" : "other-node-lost", [previous, current], {
        node,
        source: MEMBERSHIP,
        raw: { name: node, online: 0 },
      }),
    );
}

/** After a master kill the dead node stays `online` here until there is a new master: then membership says it sooner. */
function nodeLost(previous: Look, current: Look, { victim }: Subject): ControlPlaneEvent[] {
  const now = nodeState(current, victim);
  if (!isLost(now) || isLost(nodeState(previous, victim))) return [];
  return [
    event("node-lost", [previous, current], {
      node: victim,
      source: MANAGER,
      stamp: stampOf(current),
      raw: { node_status: now },
    }),
  ];
}

function fencing(previous: Look, current: Look, subject: Subject): ControlPlaneEvent[] {
  const fencedBefore = isFencing(previous, subject);
  const fencedNow = isFencing(current, subject);
  const details = {
    node: subject.victim,
    source: MANAGER,
    stamp: stampOf(current),
    raw: {
      node_status: nodeState(current, subject.victim),
      state: serviceOf(current, subject)?.state ?? null,
    },
  };
  const started = event("fencing-started", [previous, current], details);
  const fenced = event("fenced", [previous, current], details);
  if (fencedBefore) return fencedNow ? [] : [fenced];
  if (fencedNow) return [started];
  // A new master does all of it within one round (facts 1.4), so that no look shows the state `fence`.
  return leftADeadVictim(previous, current, subject) ? [started, fenced] : [];
}

/** A planned move tells its target before it begins; a recovery moves the service in the same round. */
function nodeChosen(previous: Look, current: Look, subject: Subject): ControlPlaneEvent[] {
  const node = serviceOf(current, subject)?.target ?? desktopNode(current, subject);
  const before = serviceOf(previous, subject)?.target ?? desktopNode(previous, subject);
  if (node === null || before === null || node === before) return [];
  const { state = null, uid = null } = serviceOf(current, subject) ?? {};
  return [
    event("node-chosen", [previous, current], {
      node,
      source: MANAGER,
      stamp: stampOf(current),
      raw: { state, node, uid, before },
    }),
  ];
}

/**
 * By the task that starts QEMU: `running` in manager_status comes 5 to 15 s late (facts 1.3). While the service is
 * migrated that QEMU only waits for the guest to come.
 */
function instancesStarted(previous: Look, current: Look, subject: Subject): ControlPlaneEvent[] {
  const known = new Set(previous.tasks.map((task) => task.upid));
  const incoming = [previous, current].map((look) => migrationTarget(look, subject));
  return current.tasks
    .filter((task) => startsVm(task, subject.vmid) && !known.has(task.upid))
    .filter((task) => !incoming.includes(task.node))
    .toSorted((a, b) => a.starttime - b.starttime)
    .map((task) =>
      event("instance-started", [previous, current], {
        node: task.node,
        instance: task.upid,
        source: TASKS,
        stamp: String(task.starttime),
        raw: { upid: task.upid, status: task.status ?? "running" },
      }),
    );
}

/**
 * The same look, with the starts of the VM that the one before it had seen: the list of tasks comes to each host by its own
 * way, so that another host may know of one a moment later; it would be told as a new one then.
 */
export function rememberingStarts(previous: Look, current: Look, vmid: number): Look {
  const known = new Set(current.tasks.map((task) => task.upid));
  const missing = previous.tasks.filter((task) => startsVm(task, vmid) && !known.has(task.upid));
  return missing.length === 0 ? current : { ...current, tasks: [...current.tasks, ...missing] };
}

/** A live migration has arrived when the configuration lies on the target: the same guest in another QEMU. */
function instanceMoved(previous: Look, current: Look, subject: Subject): ControlPlaneEvent[] {
  const node = current.vmNodes.get(subject.vmid) ?? null;
  const target = migrationTarget(previous, subject) ?? migrationTarget(current, subject);
  if (node === null || node !== target || previous.vmNodes.get(subject.vmid) === node) return [];
  return [
    event("instance-started", [previous, current], {
      node,
      source: RESOURCES,
      raw: { node, before: previous.vmNodes.get(subject.vmid) ?? null, migrated: true },
    }),
  ];
}

function nodeReturned(previous: Look, current: Look, { victim }: Subject): ControlPlaneEvent[] {
  if (victim === null || previous.online.has(victim) || !current.online.has(victim)) return [];
  return [
    event("node-returned", [previous, current], {
      node: victim,
      source: MEMBERSHIP,
      raw: { name: victim, online: 1 },
    }),
  ];
}

/** A start that has failed by the time it is seen has started nothing. */
const startsVm = (task: Task, vmid: number): boolean =>
  task.type === "qmstart" &&
  task.id === String(vmid) &&
  (task.status === undefined || /^(OK|RUNNING|WARNINGS)/i.test(task.status));

function leftADeadVictim(previous: Look, current: Look, subject: Subject): boolean {
  const { victim } = subject;
  return (
    victim !== null &&
    !current.online.has(victim) &&
    desktopNode(previous, subject) === victim &&
    desktopNode(current, subject) !== victim
  );
}

const isFencing = (look: Look, subject: Subject): boolean =>
  serviceOf(look, subject)?.state === "fence" || nodeState(look, subject.victim) === "fence";

const isLost = (state: string | null): boolean =>
  state === "unknown" || state === "fence" || state === "gone";

const nodeState = (look: Look, node: string | null): string | null =>
  node === null ? null : (look.manager.manager_status.node_status[node] ?? null);

/** Where the desktop is migrated to; null while it is not. */
function migrationTarget(look: Look, subject: Subject): string | null {
  const service = serviceOf(look, subject);
  return service?.state === "migrate" ? (service.target ?? null) : null;
}

const serviceOf = (look: Look, { vmid }: Subject): ServiceStatus | undefined =>
  look.manager.manager_status.service_status[sidOf(vmid)];

const desktopNode = (look: Look, subject: Subject): string | null =>
  serviceOf(look, subject)?.node ?? look.vmNodes.get(subject.vmid) ?? null;

/** The CRM's stamp of the round that wrote it. */
function stampOf(look: Look): string | null {
  const { timestamp } = look.manager.manager_status;
  return timestamp === null ? null : String(timestamp);
}

function event(
  kind: ControlPlaneEventKind,
  [previous, current]: readonly [Look, Look],
  details: Pick<ControlPlaneEvent, "node" | "source" | "raw"> & Partial<ControlPlaneEvent>,
): ControlPlaneEvent {
  return {
    kind,
    observed_ms: spanInMs({
      earliest: previous.during.earliest,
      latest: current.during.latest,
    }),
    instance: null,
    stamp: null,
    ...details,
  };
}
