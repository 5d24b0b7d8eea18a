import type { NodeAccess } from "../../model/inventory.ts";
import type { Refusal } from "../../model/journal.ts";
import { checkBmc, noBmcToAct, noBmcToCure } from "../node/check-bmc.ts";
import { checkSsh } from "../node/check-ssh.ts";
import type { FaultTools } from "../reach.ts";
import type { Method } from "./method.ts";

/** Is the way in there, is the node on, and could it be brought back without what the fault takes away? Touches nothing. */
export async function checkVictim(
  victim: NodeAccess,
  { title, act, leaves }: Method,
  tools: Pick<FaultTools, "reach" | "signal">,
): Promise<readonly Refusal[]> {
  const { name } = victim;
  if (act.over === "bmc") return await checkBmc(victim, noBmcToAct(name), tools);
  const without = noBmcToCure(name, `${title} leaves ${name} ${leaves}`, "sysrq b");
  return [
    ...(await checkSsh(victim, tools)),
    ...(leaves === "rebooting" ? [] : await checkBmc(victim, without, tools)),
  ];
}
