import type { Cluster } from "./cluster.ts";
import { vmidOf } from "./cluster.ts";
import type { HaFiles } from "./ha-files.ts";
import type { HaResource } from "./proxmox-twin.ts";
import { TwinRefusal } from "./proxmox-twin.ts";

/** /etc/pve/ha/resources.cfg, with PVE's words for what it refuses. The CRM master reads it in its next round. */

export function addHaResource({ files, vms }: Cluster, resource: HaResource): void {
  const { sid } = resource;
  if (files.resources.has(sid)) {
    throw refusal(`create resource failed: resource ID '${sid}' already defined`);
  }
  if (vms.find(vmidOf(sid)) === undefined) {
    throw refusal(`resource '${sid}' does not exist in cluster`);
  }
  files.resources.set(sid, resource);
}

export function updateHaResource(
  { files }: Cluster,
  sid: string,
  changes: Partial<Omit<HaResource, "sid">>,
): void {
  const resource = files.resources.get(sid);
  if (resource === undefined) {
    throw refusal(`update resource failed: no such resource '${sid}'`);
  }
  if (changes.state !== "disabled") refuseInError(files, sid);
  files.resources.set(sid, { ...resource, ...changes });
}

/** The VM itself goes on as it is. */
export function removeHaResource({ files }: Cluster, sid: string): void {
  if (!files.resources.delete(sid)) {
    throw refusal(`cannot delete service '${sid}', not HA managed!`);
  }
}

/** Appends to crm_commands. */
export function moveService(
  { files }: Cluster,
  wish: { readonly kind: "migrate" | "relocate"; readonly sid: string; readonly target: string },
): void {
  refuseInError(files, wish.sid);
  files.commands = [...files.commands, wish];
}

/** Rule: what HA has given up on takes no wish but to be disabled. */
function refuseInError({ managerStatus }: HaFiles, sid: string): void {
  if (managerStatus.services[sid]?.state !== "error") return;
  throw refusal(`service '${sid}' in error state, must be disabled and fixed first`);
}

export function setMaintenance({ files }: Cluster, node: string, enabled: boolean): void {
  files.commands = [...files.commands, { kind: "maintenance", node, enabled }];
}

/** Whether starting and stopping is HA's business. */
export const isHaManaged = ({ files }: Cluster, vmid: number): boolean =>
  (files.resources.get(`vm:${vmid}`)?.state ?? "ignored") !== "ignored";

const refusal = (message: string): TwinRefusal => new TwinRefusal(500, message);
