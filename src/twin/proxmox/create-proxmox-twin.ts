import { assert, present } from "../../base/assert.ts";
import type { Duration } from "../../base/time.ts";
import { after, before, seconds, sum, times } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { Scheduler } from "../../contracts/scheduler.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import type { Cluster, Hosts } from "./cluster.ts";
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
import { HaFiles } from "./ha-files.ts";
import { Machines } from "./machines.ts";
import { MANAGER_LOCK, PmxcfsLocks } from "./pmxcfs-locks.ts";
import { hardware, operations, readings, system } from "./parts.ts";
import type { ProxmoxTwin } from "./proxmox-twin.ts";
import { Simulation } from "./simulation.ts";
import { Tasks } from "./tasks.ts";
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
    ...system(machines),
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
  const ring = new CorosyncRing(simulation, nodes, settings, {
    onFormed: (formation) => {
      for (const node of formation.joined) locks.started(node);
      for (const node of nodes) if (ring.isInside(node)) files.returned(node);
      machines.ringFormed(formation);
    },
    onAlone: (node) => {
      machines.ringLost(node);
    },
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
  const files = new HaFiles();
  const hosts: Hosts = {
    stateOf: (node) => machines.stateOf(node),
    connected: (...ends) => machines.connected(...ends),
  };
  const cluster = { simulation, settings, nodes, ring, locks, vms, tasks, files, hosts };
  const machines = new Machines(cluster);
  return { cluster, machines };
}

/** Loop phases are independent of each other and uniform. */
function startDaemons(cluster: Cluster, machines: Machines, asked: string | undefined): void {
  const { simulation, nodes, files, locks } = cluster;
  const random = simulation.random.fork("phases");
  const anyNode = nodes[Math.floor(random.next() * nodes.length)];
  const master = present(asked ?? anyNode, "a node");
  const now = simulation.now();
  for (const node of nodes) {
    const { crm, lrm } = machines.get(node).install();
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
        maintenanceRequests: [],
        maintenanceHomes: {},
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
