import { describeError } from "../base/errors.ts";
import type { BmcAccess, NodeAccess, SshAccess } from "../model/inventory.ts";
import type { Refusal } from "../model/journal.ts";
import type { BmcSession } from "../clients/bmc/bmc-session.ts";
import type { Method } from "./method.ts";
import type { Reach } from "./reach.ts";
import { withBmc } from "./reach.ts";

const PRODUCT_UUID = "cat /sys/class/dmi/id/product_uuid";

/** Is the way in there, is the node on, and could it be brought back without what the fault takes away? Touches nothing. */
export async function checkVictim(
  victim: NodeAccess,
  method: Method,
  reach: Reach,
  signal: AbortSignal,
): Promise<readonly Refusal[]> {
  const overSsh = method.act.over === "ssh";
  const needsBmc = !overSsh || method.leaves !== "rebooting";
  return [
    ...(overSsh ? await checkSsh(victim, reach, signal) : []),
    ...(needsBmc ? await checkBmc(victim, method, reach, signal) : []),
  ];
}

async function checkSsh(
  victim: NodeAccess,
  reach: Reach,
  signal: AbortSignal,
): Promise<readonly Refusal[]> {
  const needs = `a root login over SSH on ${victim.name}`;
  const refuse = (saw: string): Refusal[] => [{ guard: "ssh-reachable", saw, needs }];
  if (victim.ssh === null) return refuse(`the inventory has no ssh for ${victim.name}`);
  try {
    const user = await output(reach, victim.ssh, "id -u", signal);
    return user === "0" ? [] : refuse(`"id -u" on ${victim.name} says "${user}"`);
  } catch (error) {
    signal.throwIfAborted();
    return refuse(describeError(error));
  }
}

async function checkBmc(
  victim: NodeAccess,
  method: Method,
  reach: Reach,
  signal: AbortSignal,
): Promise<readonly Refusal[]> {
  const { bmc } = victim;
  if (bmc === null) return [withoutBmc(victim, method)];
  try {
    return await withBmc(reach, bmc, signal, async (session) => [
      ...(await checkPower(victim, session)),
      ...(await checkMapping(victim, bmc, session, { reach, signal })),
    ]);
  } catch (error) {
    signal.throwIfAborted();
    return [
      {
        guard: "bmc-reachable",
        saw: describeError(error),
        needs: `the BMC of ${victim.name} answering before the kill`,
      },
    ];
  }
}

const withoutBmc = (victim: NodeAccess, method: Method): Refusal =>
  method.act.over === "bmc"
    ? {
        guard: "bmc-reachable",
        saw: `the inventory has no bmc for ${victim.name}`,
        needs: `a bmc for ${victim.name} in the inventory`,
      }
    : {
        guard: "cure-possible",
        saw: `${method.title} leaves ${victim.name} ${method.leaves}, and the inventory has no bmc to bring it back`,
        needs: `a bmc for ${victim.name} in the inventory, or a fault that heals itself (sysrq b)`,
      };

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

/** Proves by equal system UUIDs that the BMC belongs to the node, unless the user vouches for it. */
async function checkMapping(
  victim: NodeAccess,
  bmc: BmcAccess,
  session: BmcSession,
  tools: { readonly reach: Reach; readonly signal: AbortSignal },
): Promise<readonly Refusal[]> {
  if (bmc.mapping === "asserted") return [];
  const needs = `equal system UUIDs of ${victim.name} and its BMC, or "mapping: asserted" in the inventory`;
  const refuse = (saw: string): Refusal[] => [{ guard: "bmc-mapping", saw, needs }];
  if (victim.ssh === null) {
    return refuse(`the inventory has no ssh for ${victim.name}, so its UUID cannot be read`);
  }
  let own: string;
  try {
    own = (await output(tools.reach, victim.ssh, PRODUCT_UUID, tools.signal)).toLowerCase();
  } catch (error) {
    tools.signal.throwIfAborted();
    return refuse(describeError(error));
  }
  const shown = await session.systemUuids();
  if (shown.includes(own)) return [];
  return refuse(`${victim.name} has product_uuid "${own}", its BMC says ${shown.join(" or ")}`);
}

/** What a command that must succeed prints. */
async function output(
  reach: Reach,
  access: SshAccess,
  command: string,
  signal: AbortSignal,
): Promise<string> {
  const end = await reach.run(access, command, signal);
  if (end.kind === "disconnected") throw new Error(`the connection ended during "${command}"`);
  if (end.code !== 0) {
    const said = end.stderr.trim().slice(0, 200);
    throw new Error(`"${command}" on ${access.host} failed with exit code ${end.code}: ${said}`);
  }
  return end.stdout.trim();
}
