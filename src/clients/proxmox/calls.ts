import { ProxmoxApiError } from "./api-error.ts";
import { parse } from "../shared/parse.ts";
import type { ProxmoxApi } from "./proxmox-api.ts";
import type { ClusterStatus, ManagerStatus, VmResource } from "./replies.ts";
import { clusterStatus, haResource, managerStatus, vmConfig, vmResources } from "./replies.ts";
import type { z } from "zod";

/** The reads that driver and faults share. Those without a node are answered by any living host itself. */

export async function readClusterStatus(
  api: ProxmoxApi,
  signal: AbortSignal,
): Promise<ClusterStatus> {
  return parse(clusterStatus, await api.paths(signal).cluster.status.$get(), "GET /cluster/status");
}

export async function readManagerStatus(
  api: ProxmoxApi,
  signal: AbortSignal,
): Promise<ManagerStatus> {
  const data: unknown = await api.paths(signal).cluster.ha.status.manager_status.$get();
  return parse(managerStatus, data, "GET /cluster/ha/status/manager_status");
}

/** All VMs and containers. `node` follows the configuration file; `status` is up to five minutes old on a dead node. */
export async function readVms(
  api: ProxmoxApi,
  signal: AbortSignal,
): Promise<readonly VmResource[]> {
  const data: unknown = await api.paths(signal).cluster.resources.$get({ type: "vm" });
  return parse(vmResources, data, "GET /cluster/resources");
}

export async function findVm(
  api: ProxmoxApi,
  vmid: number,
  signal: AbortSignal,
): Promise<VmResource | null> {
  return (await readVms(api, signal)).find((vm) => vm.vmid === vmid) ?? null;
}

export async function readConfig(
  api: ProxmoxApi,
  vm: { readonly node: string; readonly vmid: number },
  signal: AbortSignal,
): Promise<z.infer<typeof vmConfig>> {
  const data: unknown = await api.paths(signal).nodes.$(vm.node).qemu.$(vm.vmid).config.$get();
  return parse(vmConfig, data, `GET /nodes/${vm.node}/qemu/${vm.vmid}/config`);
}

export type HaResource = z.infer<typeof haResource>;

/** A VM's HA settings; null when it is not under HA. */
export async function readHaResource(
  api: ProxmoxApi,
  vmid: number,
  signal: AbortSignal,
): Promise<HaResource | null> {
  try {
    const data: unknown = await api.paths(signal).cluster.ha.resources.$(sidOf(vmid)).$get();
    return parse(haResource, data, `GET /cluster/ha/resources/${sidOf(vmid)}`);
  } catch (error) {
    if (error instanceof ProxmoxApiError && error.saysMissing) return null;
    throw error;
  }
}

/** A VM's name in the HA stack. */
export const sidOf = (vmid: number): string => `vm:${vmid}`;

/** Members that corosync says are there. */
export const onlineNodes = (status: ClusterStatus): ReadonlySet<string> =>
  new Set(status.flatMap((entry) => (entry.type === "node" && entry.online ? [entry.name] : [])));
