import { assert } from "../../base/assert.ts";
import type { Random } from "../../contracts/random.ts";
import type { Scheduler } from "../../contracts/scheduler.ts";
import type { ProxmoxSettings } from "../../model/proxmox-settings.ts";
import type { Cluster, Hosts } from "./cluster.ts";
import { FIRST_TEMPLATE } from "./constants.ts";
import { CorosyncRing } from "./corosync-ring.ts";
import { HaFiles } from "./ha-files.ts";
import { Machines } from "./machines.ts";
import { MANAGER_LOCK, PmxcfsLocks } from "./pmxcfs-locks.ts";
import { hardware, operations, readings, system } from "./parts.ts";
import type { ProxmoxTwin } from "./proxmox-twin.ts";
import { Simulation } from "./simulation.ts";
import type { Standing } from "./standing.ts";
import { nothingYet, placeServices } from "./standing.ts";
import { startDaemons } from "./start-daemons.ts";
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
  /** No HA services, and every loop somewhere in its round, by default. */
  readonly standing?: Standing;
}

/** A cluster that has been running for a while: all nodes up, one of them CRM master. */
export function createProxmoxTwin(options: ProxmoxTwinOptions): ProxmoxTwin {
  const { clusterName, settings } = options;
  const nodes =
    options.nodeNames ?? Array.from({ length: settings.nodes }, (_, index) => `pve${index + 1}`);
  assert(nodes.length === settings.nodes, `${nodes.length} names for ${settings.nodes} nodes`);
  const { cluster, machines } = assemble(options, nodes);
  createTemplates(cluster);
  const { standing = nothingYet, master = null } = options;
  placeServices(cluster, standing);
  startDaemons(cluster, machines, { standing, master });
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
