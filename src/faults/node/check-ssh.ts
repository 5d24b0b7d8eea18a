import { describeError } from "../../base/errors.ts";
import type { NodeAccess, SshAccess } from "../../model/inventory.ts";
import type { Refusal } from "../../model/journal.ts";
import type { FaultTools } from "../reach.ts";
import { output } from "./ssh-output.ts";

type Tools = Pick<FaultTools, "reach" | "signal">;

/** Can root log in on the victim? Touches nothing. Empty: yes. */
export async function checkSsh(victim: NodeAccess, tools: Tools): Promise<readonly Refusal[]> {
  return await checkOverSsh(victim, tools, async () => []);
}

/** And once root is in, is there anything else to refuse for? What fails there is a refusal too. */
export async function checkOverSsh(
  victim: NodeAccess,
  tools: Tools,
  further: (access: SshAccess) => Promise<readonly Refusal[]>,
): Promise<readonly Refusal[]> {
  const needs = `a root login over SSH on ${victim.name}`;
  const refuse = (saw: string): Refusal[] => [{ guard: "ssh-reachable", saw, needs }];
  if (victim.ssh === null) return refuse(`the inventory has no ssh for ${victim.name}`);
  try {
    const user = await output(victim.ssh, "id -u", tools);
    if (user !== "0") return refuse(`"id -u" on ${victim.name} says "${user}"`);
    return await further(victim.ssh);
  } catch (error) {
    tools.signal.throwIfAborted();
    return refuse(describeError(error));
  }
}
