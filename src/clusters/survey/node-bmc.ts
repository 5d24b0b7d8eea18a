import { describeError } from "../../base/errors.ts";
import type { PowerState } from "../../clients/bmc/bmc-session.ts";
import { openBmc } from "../../clients/bmc/open-bmc.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { BmcAccess } from "../../model/inventory.ts";
import type { Finding } from "../../model/survey.ts";
import { note, ok, problem } from "../../model/survey.ts";
import type { Told } from "./ask.ts";
import { ask, surveyPatience } from "./ask.ts";

export interface BmcReport {
  readonly power: PowerState;
  /** Whether this user could switch it on, as far as can be known; or why not. */
  readonly switchingOn: Told<null>;
  /** The system's UUID in every byte order that BMCs use; or why it is not told. */
  readonly uuids: Told<readonly string[]>;
}

/** Logs in at the privilege that a fault needs, and reads. */
export async function askBmc(
  access: BmcAccess,
  world: { readonly clock: Clock; readonly secrets: Secrets },
): Promise<Told<BmcReport>> {
  return await ask(world.clock, surveyPatience.node, async (signal) => {
    const session = await openBmc(access, { ...world, signal });
    try {
      const power = await session.power();
      const switchingOn = await session.demand("on").then(
        (): BmcReport["switchingOn"] => ({ told: true, value: null }),
        (error: unknown): BmcReport["switchingOn"] => ({ told: false, error }),
      );
      const uuids = await session.systemUuids().then(
        (value): BmcReport["uuids"] => ({ told: true, value }),
        (error: unknown): BmcReport["uuids"] => ({ told: false, error }),
      );
      return { power, switchingOn, uuids };
    } finally {
      await session.close();
    }
  });
}

/** Does it answer, is the node on, and is it this node's. `uuid`: what the node says of itself; null: it did not tell. */
export function judgeBmc(
  node: { readonly name: string; readonly bmc: BmcAccess },
  uuid: string | null,
  told: Told<BmcReport>,
): Finding {
  const about = { topic: "bmc", subject: node.name } as const;
  if (!told.told) {
    const needs = `the BMC of ${node.name} answering: without it nothing is switched off, since nothing could be switched on`;
    return problem(about, describeError(told.error), { needs });
  }
  const { power, switchingOn, uuids } = told.value;
  const peer = node.bmc.kind === "ipmi" ? `${node.bmc.host}:${node.bmc.port}` : node.bmc.url;
  const answers = `${node.bmc.kind} at ${peer} answers, power is ${power}`;
  if (power === "off") {
    return problem(about, answers, { needs: "a node that is switched on, and the right BMC" });
  }
  if (!switchingOn.told) {
    return problem(about, `${answers}; ${describeError(switchingOn.error)}`, {
      needs: `a BMC of ${node.name} and a user of it that can switch it on`,
    });
  }
  const theirs = uuids.told ? uuids.value.join(" or ") : describeError(uuids.error);
  const equal = uuid !== null && uuids.told && uuids.value.includes(uuid);
  if (equal) return ok(about, `${answers}, same system UUID as the node (${uuid})`);
  const differs = `the node's UUID is ${uuid ?? "not known"}, the BMC says ${theirs}`;
  if (node.bmc.mapping === "asserted") {
    return note(about, `${answers}; that it is this node's is asserted, not proven: ${differs}`);
  }
  return problem(about, `${answers}, but is not proven to be this node's: ${differs}`, {
    needs: `equal system UUIDs of ${node.name} and its BMC (SSH to read the node's), or "mapping: asserted" in the inventory`,
  });
}
