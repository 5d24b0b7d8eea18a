import type { ProxmoxTwin } from "../../twin/proxmox/proxmox-twin.ts";
import type { ProgramEnd } from "../machine.ts";

const REQUEST = /^ha-manager crm-command node-maintenance (enable|disable) (\S+)$/;
/** What a PVE command line tool ends with when it dies. */
const DIED = 255;

/**
 * `ha-manager` on `node`. Like the real one it only takes the wish down; where that has to wait for the ring, the lab
 * answers at once, as the node would a moment later.
 */
export function haManager(twin: ProxmoxTwin, node: string, words: readonly string[]): ProgramEnd {
  const request = REQUEST.exec(words.join(" "));
  if (request === null) return { status: DIED, output: "ERROR: unknown command\n" };
  const [, verb, about = ""] = request;
  if (!twin.nodes.some(({ name }) => name === about)) {
    return { status: DIED, output: `no such cluster node '${about}'\n` };
  }
  let end: ProgramEnd = { status: 0, output: "" };
  const wish = (): void => {
    twin.setMaintenance(about, verb === "enable");
  };
  twin.write(node, wish, (outcome) => {
    if (outcome.kind === "refused") end = { status: DIED, output: `${outcome.error.message}\n` };
  });
  return end;
}
