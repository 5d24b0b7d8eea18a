import type { VmState } from "../../twin/proxmox/proxmox-twin.ts";
import type { ApiWorld } from "./api-world.ts";
import { NODE_HARDWARE, STORAGES } from "./hardware.ts";
import { memoryBytes, nameOf } from "./vm-config.ts";

type Item = Readonly<Record<string, unknown>>;

/**
 * `/cluster/resources` as `asked` sees it. Where a VM lies follows its configuration file; its status is what a
 * pvestatd last said, so a VM of a dead node goes on "running".
 */
export function clusterResources(
  world: ApiWorld,
  asked: string,
  type: "vm" | "node" | "storage" | "sdn" | null,
): readonly Item[] {
  const nodes = world.twin.nodes.map((node) => node.name);
  const parts = {
    vm: () => world.twin.vms(asked).map((vm) => vmItem(world, asked, vm)),
    node: () => nodes.map((node) => nodeItem(world, asked, node)),
    storage: () => nodes.flatMap((node) => storageItems(world, node)),
    sdn: () => nodes.map((node) => networkItem(node)),
  };
  if (type !== null) return parts[type]();
  return [...parts.vm(), ...parts.node(), ...parts.storage(), ...parts.sdn()];
}

function vmItem(world: ApiWorld, asked: string, vm: VmState): Item {
  const statistics = world.statistics.vm(vm.vmid);
  const service = world.twin.managerStatus(asked).services[`vm:${vm.vmid}`];
  const pool = [...world.pools].find(([, each]) => each.members.has(vm.vmid))?.[0];
  const identity = {
    id: `qemu/${vm.vmid}`,
    type: "qemu",
    vmid: vm.vmid,
    name: nameOf(vm),
    node: vm.node,
    template: vm.template ? 1 : 0,
    status: statistics?.status ?? "unknown",
    ...(service === undefined ? {} : { hastate: service.state }),
    ...(pool === undefined ? {} : { pool }),
    ...(vm.config["lock"] === undefined ? {} : { lock: vm.config["lock"] }),
    ...(vm.config["tags"] === undefined ? {} : { tags: vm.config["tags"] }),
  };
  if (statistics === null) return identity;
  return {
    ...identity,
    uptime: statistics.uptimeSeconds,
    cpu: statistics.status === "running" ? 0.0079 : 0,
    maxcpu: Number(vm.config["cores"] ?? 1),
    mem: 0,
    memhost: 0,
    maxmem: memoryBytes(vm.config),
    disk: 0,
    maxdisk: 0,
    netin: 0,
    netout: 0,
    diskread: 0,
    diskwrite: 0,
  };
}

function nodeItem(world: ApiWorld, asked: string, node: string): Item {
  const state = world.twin.managerStatus(asked).nodes[node];
  return {
    ...nodeFacts(world, asked, node),
    "cgroup-mode": 2,
    ...(state === undefined ? {} : { hastate: state }),
  };
}

/** What `/nodes` and `/cluster/resources` both say of a node: of one that is offline only what does not change. */
export function nodeFacts(world: ApiWorld, asked: string, node: string): Item {
  const online = world.twin.clusterStatus(asked).online.has(node);
  const identity = {
    id: `node/${node}`,
    type: "node",
    node,
    level: "",
    status: online ? "online" : "offline",
    maxcpu: NODE_HARDWARE.cpus,
    maxmem: NODE_HARDWARE.memory_bytes,
    maxdisk: NODE_HARDWARE.root_bytes,
  };
  if (!online) return identity;
  return {
    ...identity,
    cpu: NODE_HARDWARE.cpu_load,
    mem: NODE_HARDWARE.memory_used_bytes,
    disk: NODE_HARDWARE.root_used_bytes,
    uptime: world.statistics.nodeUptimeSeconds(node),
  };
}

const storageItems = (world: ApiWorld, node: string): readonly Item[] =>
  STORAGES.map((each) => ({
    id: `storage/${node}/${each.storage}`,
    type: "storage",
    storage: each.storage,
    node,
    status: world.statistics.knowsNode(node) ? "available" : "unknown",
    shared: each.shared,
    plugintype: each.type,
    content: each.content,
    disk: each.used,
    maxdisk: each.total,
  }));

const networkItem = (node: string): Item => ({
  id: `network/${node}/zone/localnetwork`,
  type: "network",
  node,
  network: "localnetwork",
  "network-type": "zone",
  status: "ok",
});
