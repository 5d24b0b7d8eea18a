import { assert, present } from "../../base/assert.ts";
import type { Duration } from "../../base/time.ts";
import { after, before, milliseconds, seconds, sum, times } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { Scheduler } from "../../contracts/scheduler.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import type { Cluster, HaFiles } from "./cluster.ts";
import {
  CRM_FLUSH_COST,
  CRM_LOCK_COST,
  CRM_PASS_COST,
  FIRST_TEMPLATE,
  IDLE_SLEEP,
  LRM_IDLE_COST,
  ONE_SECOND_SLEEP,
  ROUND_SECONDS,
} from "./constants.ts";
import { CorosyncRing } from "./corosync-ring.ts";
import { addHaResource, removeHaResource, updateHaResource } from "./ha-config.ts";
import { Machines } from "./machines.ts";
import { MANAGER_LOCK, PmxcfsLocks } from "./pmxcfs-locks.ts";
import type { ClusterStatus, ProxmoxTwin, TaskState } from "./proxmox-twin.ts";
import { Simulation } from "./simulation.ts";
import { Tasks } from "./tasks.ts";
import { cloneVm, createVm, destroyVm, startVm, stopVm } from "./vm-operations.ts";
import { Vms } from "./vms.ts";

interface ProxmoxTwinOptions {
  readonly clusterName: string;
  readonly settings: ProxmoxSettings;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** Wall seconds (with fraction) at the scheduler's origin. */
  readonly wallOrigin: number;
  /** One a node, in order of nodeid; `pve1`, `pve2`, ... by default. */
  readonly nodeNames?: readonly string[];
  /** Who is CRM master at first; any node by default. */
  readonly master?: string;
}

/** One CRM master round and one idle LRM round, as they come out. */
const CRM_ROUND = sum(
  times(ONE_SECOND_SLEEP, ROUND_SECONDS),
  CRM_LOCK_COST,
  CRM_PASS_COST,
  CRM_FLUSH_COST,
);
const IDLE_ROUND = sum(IDLE_SLEEP, LRM_IDLE_COST);

/** A cluster that has been running for a while: all nodes up, a master, no HA services; every loop somewhere in its round. */
export function createProxmoxTwin(options: ProxmoxTwinOptions): ProxmoxTwin {
  const { clusterName, settings } = options;
  const nodes =
    options.nodeNames ?? Array.from({ length: settings.nodes }, (_, index) => `pve${index + 1}`);
  assert(nodes.length === settings.nodes, `${nodes.length} names for ${settings.nodes} nodes`);
  const { cluster, machines } = assemble(options, nodes);
  createTemplates(cluster);
  startDaemons(cluster, machines, options.master);
  return {
    clusterName,
    settings,
    nodes: nodes.map((name, index) => ({ name, id: index + 1 })),
    ...hardware(machines),
    ...readings(cluster, machines),
    ...operations(cluster),
    subscribe: (listener) => cluster.simulation.subscribe(listener),
  };
}

function assemble(
  options: ProxmoxTwinOptions,
  nodes: readonly string[],
): { readonly cluster: Cluster; readonly machines: Machines } {
  const { settings } = options;
  const simulation = new Simulation(options.scheduler, options.random, options.wallOrigin);
  const ring = new CorosyncRing(simulation, nodes, settings, (formation) => {
    for (const node of formation.restarted) locks.started(node);
    machines.ringFormed(formation);
  });
  const locks = new PmxcfsLocks(
    simulation,
    () => ring.lowest,
    (id) => {
      if (id === MANAGER_LOCK) machines.managerLockFree();
    },
  );
  const vms = new Vms(simulation, settings.assumed);
  const tasks = new Tasks(simulation, nodes);
  const cluster = { simulation, settings, nodes, ring, locks, vms, tasks, files: emptyFiles() };
  const machines = new Machines(cluster);
  return { cluster, machines };
}

const emptyFiles = (): HaFiles => ({
  managerStatus: { master: null, wallSeconds: 0, nodes: {}, services: {} },
  lrmStatus: new Map(),
  resources: new Map(),
});

/** Loop phases are independent of each other and uniform. */
function startDaemons(cluster: Cluster, machines: Machines, asked: string | undefined): void {
  const { simulation, nodes, files, locks } = cluster;
  const random = simulation.random.fork("phases");
  const anyNode = nodes[Math.floor(random.next() * nodes.length)];
  const master = present(asked ?? anyNode, "a node");
  const now = simulation.now();
  for (const node of nodes) {
    const { crm, lrm } = machines.install(node);
    const crmWait = times(node === master ? CRM_ROUND : seconds(1), random.next());
    const lrmWait = times(IDLE_ROUND, random.next());
    const lastRound = (round: Duration, wait: Duration): number =>
      simulation.wallSeconds(before(after(now, wait), round));
    files.lrmStatus.set(node, {
      state: "wait_for_agent_lock",
      mode: "active",
      wallSeconds: lastRound(IDLE_ROUND, lrmWait),
      results: {},
    });
    if (node === master) {
      const wallSeconds = lastRound(CRM_ROUND, crmWait);
      const online = nodes.map((each) => [each, "online"] as const);
      files.managerStatus = {
        master,
        wallSeconds,
        nodes: Object.fromEntries(online),
        services: {},
      };
      locks.assumeHeld(master, MANAGER_LOCK, wallSeconds);
      crm.startAsMaster(wallSeconds, crmWait);
    } else {
      crm.start(crmWait);
    }
    lrm.start(lrmWait);
  }
}

function createTemplates({ vms, nodes, settings }: Cluster): void {
  const [node] = nodes;
  if (node === undefined) return;
  for (let index = 0; index < settings.templates; index++) {
    const vmid = FIRST_TEMPLATE + index;
    const config = {
      name: `desktop-template-${index + 1}`,
      ostype: "l26",
      cores: 2,
      memory: 2048,
      scsihw: "virtio-scsi-single",
      scsi0: `ceph:base-${vmid}-disk-0,size=16G`,
      boot: "order=scsi0",
      net0: "virtio,bridge=vmbr0",
      agent: 1,
      template: 1,
    };
    vms.create({ vmid, node, template: true, config });
  }
}

type Part<Key extends keyof ProxmoxTwin> = Pick<ProxmoxTwin, Key>;

const hardware = (
  machines: Machines,
): Part<"powerOff" | "powerOn" | "reset" | "panic" | "isPowered" | "hostState"> => ({
  powerOff: (node) => {
    machines.powerOff(node);
  },
  powerOn: (node) => {
    machines.powerOn(node);
  },
  reset: (node) => {
    machines.reset(node);
  },
  panic: (node) => {
    machines.panic(node);
  },
  isPowered: (node) => machines.stateOf(node) !== "off",
  hostState: (node) => machines.stateOf(node),
});

function readings(
  cluster: Cluster,
  machines: Machines,
): Part<"clusterStatus" | "managerStatus" | "lrmStatus" | "haResources" | "vms" | "tasks"> {
  const { ring, files, vms, tasks } = cluster;
  const clusterStatus = (from: string): ClusterStatus =>
    machines.stateOf(from) === "up" && ring.members.has(from)
      ? { quorate: ring.quorate, online: ring.members }
      : { quorate: false, online: new Set([from]) };
  return {
    clusterStatus,
    managerStatus: () => files.managerStatus,
    lrmStatus: () => Object.fromEntries(files.lrmStatus),
    haResources: () => [...files.resources.values()],
    vms: () => vms.list(),
    tasks: () => tasks.list(),
  };
}

const operations = (
  cluster: Cluster,
): Part<
  | "write"
  | "addHaResource"
  | "updateHaResource"
  | "removeHaResource"
  | "createVm"
  | "cloneVm"
  | "configureVm"
  | "startVm"
  | "stopVm"
  | "destroyVm"
  | "addTask"
> => ({
  write: (from, operation, done) => {
    cluster.ring.write(from, operation, done);
  },
  addHaResource: (resource) => {
    addHaResource(cluster, resource);
  },
  updateHaResource: (sid, changes) => {
    updateHaResource(cluster, sid, changes);
  },
  removeHaResource: (sid) => {
    removeHaResource(cluster, sid);
  },
  createVm: (node, vm) => createVm(cluster, node, vm),
  cloneVm: (node, source, target, user) => cloneVm(cluster, { node, source, user }, target),
  configureVm: (vmid, changes) => {
    cluster.vms.configure(vmid, changes);
  },
  startVm: (vmid, user) => startVm(cluster, vmid, user),
  stopVm: (vmid, user) => stopVm(cluster, vmid, user),
  destroyVm: (vmid, options, user) => destroyVm(cluster, vmid, { ...options, user }),
  addTask: (...task) => startTask(cluster, task),
});

function startTask(
  { tasks }: Cluster,
  [node, type, id, user, durationMs]: Parameters<ProxmoxTwin["addTask"]>,
): TaskState {
  return tasks.start({ node, type, id, user, duration: milliseconds(durationMs) });
}
