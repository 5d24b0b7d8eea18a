import { ProxmoxApiError } from "../../clients/proxmox/api-error.ts";
import { parse } from "../../clients/shared/parse.ts";
import { patience } from "../../clients/proxmox/patience.ts";
import { vmCurrent } from "../../clients/proxmox/replies.ts";
import type { ApiHost } from "../../model/inventory.ts";
import type { Session } from "./session.ts";

export interface Current {
  readonly running: boolean;
  /** Name of the running QEMU; null when it does not run. */
  readonly instance: string | null;
}

/**
 * Whether QEMU runs, said by the VM's own node: only to be asked of a node that is alive. A VM that is not there (any
 * more, or not yet) does not run there.
 */
export async function readCurrent(
  session: Session,
  vm: { readonly node: string; readonly vmid: number },
  signal: AbortSignal,
  host: ApiHost | null = null,
): Promise<Current> {
  const path = `/nodes/${vm.node}/qemu/${vm.vmid}/status/current`;
  try {
    // 0.06 s through another node (facts 7); one that has just died answers nothing for 3 to 9 s.
    const reply = await session.api.call(
      { method: "GET", path, patience: patience.look, ...(host === null ? {} : { host }) },
      signal,
    );
    const current = parse(vmCurrent, reply.data, `GET ${path}`);
    if (current.status !== "running") return { running: false, instance: null };
    if (current.pid === undefined) return { running: true, instance: null };
    const now = reply.date ?? session.clock.wall().toUnixInteger();
    const instance = session.memory.instances.nameOf(vm.node, current.pid, now - current.uptime);
    return { running: true, instance };
  } catch (error) {
    if (error instanceof ProxmoxApiError && error.saysMissing) {
      return { running: false, instance: null };
    }
    throw error;
  }
}
