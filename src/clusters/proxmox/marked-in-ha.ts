import { readHaResource } from "../../clients/proxmox/calls.ts";
import { marked } from "./mark.ts";
import type { ProxmoxHandle } from "./prepare.ts";
import type { Session } from "./session.ts";

/** Whether a VM is under HA with this trial's mark in the comment: putting it back takes that away with the settings. */
export async function isMarkedInHa(
  session: Session,
  { vmid, mark }: Pick<ProxmoxHandle, "vmid" | "mark">,
  signal: AbortSignal,
): Promise<boolean> {
  const resource = await readHaResource(session.api, vmid, signal);
  return resource !== null && marked(resource.comment ?? "", mark);
}
