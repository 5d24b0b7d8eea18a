import { describeError, OperatingError } from "../../base/errors.ts";
import type { BmcAccess, NodeAccess } from "../../model/inventory.ts";
import type { Refusal } from "../../model/journal.ts";
import type { BmcSession } from "../../clients/bmc/bmc-session.ts";
import type { FaultTools } from "../reach.ts";
import { withBmc } from "../reach.ts";
import { output } from "./ssh-output.ts";

const PRODUCT_UUID = "cat /sys/class/dmi/id/product_uuid";
/** UUIDs that many machines share, so that two equal ones prove nothing: unset ones, and the one of AMI's sample firmware. */
const shared =
  /^(?:0{8}(?:-0{4}){3}-0{12}|f{8}(?:-f{4}){3}-f{12}|03000200-0400-0500-0006-000700080009)$/u;

type Tools = Pick<FaultTools, "reach" | "signal">;

/** Does the victim's BMC answer, say that the victim is on, and belong to it? `without`: why it is needed. */
export async function checkBmc(
  victim: NodeAccess,
  without: Refusal,
  tools: Tools,
): Promise<readonly Refusal[]> {
  const { bmc } = victim;
  if (bmc === null) return [without];
  try {
    return await withBmc(tools.reach, bmc, tools.signal, async (session) => [
      ...(await checkPower(victim, session)),
      ...(await checkSwitchingOn(victim, session)),
      ...(await checkMapping(victim, bmc, session, tools)),
    ]);
  } catch (error) {
    tools.signal.throwIfAborted();
    return [
      {
        guard: "bmc-reachable",
        saw: describeError(error),
        needs: `the BMC of ${victim.name} answering before the kill`,
      },
    ];
  }
}

/** The fault itself goes through the BMC. */
export const noBmcToAct = (victim: string): Refusal => ({
  guard: "bmc-reachable",
  saw: `the inventory has no bmc for ${victim}`,
  needs: `a bmc for ${victim} in the inventory`,
});

/** Its cure does. `instead`: a fault of its kind that heals itself. */
export const noBmcToCure = (victim: string, leaves: string, instead: string): Refusal => ({
  guard: "cure-possible",
  saw: `${leaves}, and the inventory has no bmc to bring it back`,
  needs: `a bmc for ${victim} in the inventory, or a fault that heals itself (${instead})`,
});

async function checkPower(victim: NodeAccess, session: BmcSession): Promise<readonly Refusal[]> {
  const power = await session.power();
  if (power === "on") return [];
  return [
    {
      guard: "node-on",
      saw: `the BMC of ${victim.name} says that it is ${power}`,
      needs: "a node that is switched on, and the right BMC",
    },
  ];
}

/** Whoever switches a node off must be able to switch it on: the BMC offers it, and this user may ask for it. */
async function checkSwitchingOn(
  victim: NodeAccess,
  session: BmcSession,
): Promise<readonly Refusal[]> {
  try {
    await session.demand("on");
    return [];
  } catch (error) {
    if (!(error instanceof OperatingError)) throw error;
    if (error.code !== "denied" && error.code !== "rejected") throw error;
    return [
      {
        guard: "power-on-possible",
        saw: describeError(error),
        needs: `a BMC of ${victim.name} and a user of it that can switch it on`,
      },
    ];
  }
}

/** Proves by equal system UUIDs that the BMC belongs to the node, unless the user vouches for it. */
async function checkMapping(
  victim: NodeAccess,
  bmc: BmcAccess,
  session: BmcSession,
  tools: Tools,
): Promise<readonly Refusal[]> {
  if (bmc.mapping === "asserted") return [];
  const needs = `equal system UUIDs of ${victim.name} and its BMC, or "mapping: asserted" in the inventory`;
  const refuse = (saw: string): Refusal[] => [{ guard: "bmc-mapping", saw, needs }];
  if (victim.ssh === null) {
    return refuse(`the inventory has no ssh for ${victim.name}, so its UUID cannot be read`);
  }
  let own: string;
  try {
    own = (await output(victim.ssh, PRODUCT_UUID, tools)).toLowerCase();
  } catch (error) {
    tools.signal.throwIfAborted();
    return refuse(describeError(error));
  }
  if (shared.test(own)) {
    return refuse(`${victim.name} has product_uuid "${own}", which many machines share`);
  }
  const told = await session.systemUuids();
  if (told.includes(own)) return [];
  const says = told.length === 0 ? "tells none" : `says ${told.join(" or ")}`;
  return refuse(`${victim.name} has product_uuid "${own}", its BMC ${says}`);
}
