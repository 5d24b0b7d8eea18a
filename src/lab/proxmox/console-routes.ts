import { z } from "zod";
import { vmOn, write } from "./api-world.ts";
import type { ConsoleDesk } from "./console-desk.ts";
import { checked, flag } from "./parameters.ts";
import type { Call, Reply, Route } from "./router.ts";

const CONSOLE = "/nodes/{node}/qemu/{vmid}";

/** How long the task of a console lives when nobody connects. */
const TASK_MS = 10_000;

/**
 * `vncproxy`: the node asked opens a port itself, wherever the VM is, and asks only whether the configuration lies
 * where the path says. It does not ask whether the VM runs or its node lives.
 */
export const consoleRoutes = (desk: ConsoleDesk): readonly Route[] => [
  {
    method: "POST",
    template: `${CONSOLE}/vncproxy`,
    permission: ["/vms/{vmid}", "VM.Console"],
    stays: true,
    handle: async (call) => await openConsole(call, desk),
  },
];

async function openConsole(call: Call, desk: ConsoleDesk): Promise<Reply> {
  const { world, asked, node, account } = call;
  const schema = z.strictObject({
    websocket: flag.optional(),
    "generate-password": flag.optional(),
  });
  checked(schema, call.input);
  const { vmid } = vmOn(world, node, call.path("vmid"), asked);
  const task = await write(world, asked, () =>
    world.twin.addTask(asked, "vncproxy", String(vmid), account.id, TASK_MS),
  );
  const slot = desk.open({ asked, node, vmid, user: account.id });
  return {
    data: {
      user: slot.user,
      ticket: slot.ticket,
      password: slot.password,
      port: String(slot.port),
      upid: task.upid,
      cert: world.authorityPem,
    },
  };
}
