import { z } from "zod";
import type { TaskState } from "../../twin/proxmox/proxmox-twin.ts";
import { vmOn, write } from "./api-world.ts";
import { checked, flag, integer, text } from "./parameters.ts";
import type { Call, Method, Reply, Route } from "./router.ts";

const switches = z.strictObject({
  timeout: integer.optional(),
  forceStop: flag.optional(),
  keepActive: flag.optional(),
  skiplock: flag.optional(),
  "overrule-shutdown": flag.optional(),
  machine: text.optional(),
});

const power = (
  verb: string,
  act: (call: Call, vmid: number) => TaskState,
): Route & { readonly method: Method } => ({
  method: "POST",
  template: `/nodes/{node}/qemu/{vmid}/status/${verb}`,
  permission: ["/vms/{vmid}", "VM.PowerMgmt"],
  handle: async (call): Promise<Reply> => {
    checked(switches, call.input);
    const { vmid } = vmOn(call.world, call.node, call.path("vmid"));
    const task = await write(call.world, call.node, () => act(call, vmid));
    return { data: task.upid };
  },
});

/**
 * Each answers with a task. On a highly available VM start and stop only ask (`hastart`, `hastop`). The guests of
 * the lab obey a shutdown at once, so it is a stop.
 */
export const powerRoutes: readonly Route[] = [
  power("start", ({ world, account }, vmid) => world.twin.startVm(vmid, account.id)),
  power("stop", ({ world, account }, vmid) => world.twin.stopVm(vmid, account.id)),
  power("shutdown", ({ world, account }, vmid) => world.twin.stopVm(vmid, account.id)),
];
