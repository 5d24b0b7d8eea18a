import { milliseconds } from "../../base/time.ts";
import type { Cluster } from "./cluster.ts";
import {
  addHaResource,
  moveService,
  removeHaResource,
  setMaintenance,
  updateHaResource,
} from "./ha-config.ts";
import type { HaView } from "./ha-files.ts";
import { LINKS } from "./links.ts";
import type { Machines } from "./machines.ts";
import type { ClusterStatus, ProxmoxTwin, TaskState, VmState } from "./proxmox-twin.ts";
import { UnitTable } from "./unit-table.ts";
import { cloneVm, createVm, destroyVm, startVm, stopVm } from "./vm-operations.ts";

/** The twin's interface, in parts, over what it is made of. */

type Part<Key extends keyof ProxmoxTwin> = Pick<ProxmoxTwin, Key>;

export const hardware = (
  machines: Machines,
): Part<"powerOff" | "powerOn" | "reset" | "panic" | "isPowered" | "hostState"> => ({
  powerOff: (node) => {
    machines.get(node).powerOff();
  },
  powerOn: (node) => {
    machines.get(node).powerOn();
  },
  reset: (node) => {
    machines.get(node).reset();
  },
  panic: (node) => {
    machines.get(node).panic();
  },
  isPowered: (node) => machines.stateOf(node) !== "off",
  hostState: (node) => machines.stateOf(node),
});

export const system = (
  machines: Machines,
): Part<"links" | "setLink" | "unit" | "actOnUnit" | "shutDown" | "isShuttingDown"> => ({
  links: (node) => LINKS.map((name) => ({ name, up: machines.get(node).isLinkUp(name) })),
  setLink: (node, link, up) => {
    machines.get(node).setLink(link, up);
  },
  unit: (node, name) => {
    const { state, daemons } = machines.get(node);
    if (state !== "up") return null;
    return daemons === null ? new UnitTable().all[name] : daemons.unit(name);
  },
  actOnUnit: (node, name, act) => {
    machines.get(node).daemons?.act(name, act);
  },
  shutDown: (node, action) => {
    machines.get(node).shutDown(action);
  },
  isShuttingDown: (node) => machines.get(node).isEnding,
});

export function readings(
  cluster: Cluster,
  machines: Machines,
): Part<"clusterStatus" | "managerStatus" | "lrmStatus" | "haResources" | "vms" | "tasks"> {
  const { ring, files, tasks } = cluster;
  const clusterStatus = (from: string): ClusterStatus =>
    machines.stateOf(from) === "up" && ring.membersOn(from).has(from)
      ? { quorate: ring.quorateOn(from), online: ring.membersOn(from) }
      : { quorate: false, online: new Set([from]) };
  const filesOn = (from: string | undefined): HaView =>
    from === undefined ? files : files.on(from);
  return {
    clusterStatus,
    managerStatus: (from) => filesOn(from).managerStatus,
    lrmStatus: (from) => Object.fromEntries(filesOn(from).lrmStatus),
    haResources: (from) => [...filesOn(from).resources.values()],
    vms: (from) => vmsOn(cluster, from),
    tasks: () => tasks.list(),
  };
}

/** A node outside the ring has the old configurations; of guests it knows its own. */
function vmsOn({ files, vms }: Cluster, from: string | undefined): readonly VmState[] {
  const old = from === undefined ? null : files.oldVmsOn(from);
  if (old === null) return vms.list();
  return old.map((vm) => {
    const now = vms.find(vm.vmid);
    return now !== undefined && vm.node === from && now.node === from
      ? { ...vm, guest: now.guest }
      : vm;
  });
}

export const operations = (
  cluster: Cluster,
): Part<
  | "write"
  | "addHaResource"
  | "updateHaResource"
  | "removeHaResource"
  | "moveService"
  | "setMaintenance"
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
  moveService: (kind, sid, target) => {
    moveService(cluster, { kind, sid, target });
  },
  setMaintenance: (node, enabled) => {
    setMaintenance(cluster, node, enabled);
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
