import { milliseconds } from "../../base/time.ts";
import type { Cluster } from "./cluster.ts";
import { SHORT_TASK_MS } from "./constants.ts";
import { isHaManaged, removeHaResource, updateHaResource } from "./ha-config.ts";
import type { HaResource, TaskState, VmConfig } from "./proxmox-twin.ts";
import { TwinRefusal } from "./proxmox-twin.ts";

/** What the API of qemu-server does with VMs: each a task on the VM's node. */

const SHORT = milliseconds(SHORT_TASK_MS);

export function createVm(
  cluster: Cluster,
  node: string,
  vm: { readonly vmid: number; readonly config: VmConfig; readonly template: boolean },
): TaskState {
  refuseTaken(cluster, vm.vmid, `unable to create VM ${vm.vmid} - `);
  cluster.vms.create({ ...vm, node });
  const id = String(vm.vmid);
  return cluster.tasks.start({ node, type: "qmcreate", id, user: "root@pam", duration: SHORT });
}

/** The copy is there at once, locked until the task ends; then it lies on its target node. */
export function cloneVm(
  cluster: Cluster,
  { node, source, user }: { readonly node: string; readonly source: number; readonly user: string },
  target: { readonly vmid: number; readonly name: string; readonly node: string },
): TaskState {
  const { vms, tasks, settings } = cluster;
  const { config } = vms.get(source, node);
  refuseTaken(cluster, target.vmid, `unable to create VM ${target.vmid}: `);
  const copied = { ...config, name: target.name, lock: "clone" };
  vms.create({ vmid: target.vmid, node, config: copied, template: false });
  const duration = milliseconds(settings.assumed.clone_ms);
  return tasks.start({ node, type: "qmclone", id: String(source), user, duration }, () => {
    if (vms.find(target.vmid) === undefined) return `VM ${target.vmid} was removed`;
    vms.configure(target.vmid, { lock: "" });
    vms.move(target.vmid, target.node);
    return null;
  });
}

export function startVm(cluster: Cluster, vmid: number, user: string): TaskState {
  if (isHaManaged(cluster, vmid)) return requestHa(cluster, { vmid, user, state: "started" });
  const { vms, tasks, settings } = cluster;
  const vm = vms.get(vmid);
  const failure = whyNotToStart(cluster, vmid);
  const duration = milliseconds(failure === null ? settings.assumed.qemu_start_ms : 0);
  const id = String(vmid);
  const task = tasks.start({ node: vm.node, type: "qmstart", id, user, duration }, () => failure);
  if (failure === null) vms.boot(vmid, task.pid);
  return task;
}

export function stopVm(cluster: Cluster, vmid: number, user: string): TaskState {
  if (isHaManaged(cluster, vmid)) return requestHa(cluster, { vmid, user, state: "stopped" });
  const { vms, tasks } = cluster;
  const { node } = vms.get(vmid);
  const id = String(vmid);
  return tasks.start({ node, type: "qmstop", id, user, duration: SHORT }, () => {
    vms.halt(vmid);
    return null;
  });
}

export function destroyVm(
  cluster: Cluster,
  vmid: number,
  { purge, user }: { readonly purge: boolean; readonly user: string },
): TaskState {
  const { vms, tasks, files } = cluster;
  const { node } = vms.get(vmid);
  const sid = `vm:${vmid}`;
  const inHa = files.resources.has(sid);
  if (inHa && !purge) {
    const used = "used in HA resources and purge parameter not set.";
    throw new TwinRefusal(500, `unable to remove VM ${vmid} - ${used}`);
  }
  if (vms.isRunning(vmid)) throw new TwinRefusal(500, `VM ${vmid} is running - destroy failed`);
  if (inHa) removeHaResource(cluster, sid);
  const id = String(vmid);
  return tasks.start({ node, type: "qmdestroy", id, user, duration: SHORT }, () => {
    if (vms.isRunning(vmid)) return `VM ${vmid} is running - destroy failed`;
    vms.remove(vmid);
    return null;
  });
}

/** `hastart`, `hastop`: the task only changes what is asked of HA. */
function requestHa(
  cluster: Cluster,
  request: {
    readonly vmid: number;
    readonly user: string;
    readonly state: HaResource["state"] & ("started" | "stopped");
  },
): TaskState {
  const { vmid, user, state } = request;
  const { node } = cluster.vms.get(vmid);
  const verb = state === "started" ? "start" : "stop";
  const log = `Requesting HA ${verb} for VM ${vmid}`;
  updateHaResource(cluster, `vm:${vmid}`, { state });
  return cluster.tasks.start({
    node,
    type: `ha${verb}`,
    id: String(vmid),
    user,
    duration: SHORT,
    log,
  });
}

function whyNotToStart({ vms }: Cluster, vmid: number): string | null {
  const { template, config } = vms.get(vmid);
  if (template) return "you can't start a vm if it's a template";
  if (config["lock"] !== undefined) return `VM is locked (${config["lock"]})`;
  return vms.isRunning(vmid) ? `VM ${vmid} already running` : null;
}

function refuseTaken({ vms }: Cluster, vmid: number, what: string): void {
  const taken = vms.find(vmid);
  if (taken !== undefined) {
    throw new TwinRefusal(500, `${what}VM ${vmid} already exists on node '${taken.node}'`);
  }
}
