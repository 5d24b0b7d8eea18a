import { either } from "../base/abort.ts";
import { ask, surveyPatience } from "../clusters/survey/ask.ts";
import { machineFacts } from "../clusters/survey/machine-facts.ts";
import type { NodeReport } from "../clusters/survey/node-report.ts";
import { readNodeReport } from "../clusters/survey/node-report.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Machines } from "../contracts/machines.ts";
import type { Secrets } from "../contracts/secrets.ts";
import type { Cluster, SshAccess } from "../model/inventory.ts";
import { mergedFacts } from "../model/same-machine.ts";
import { addressesOf } from "../platform/addresses-of.ts";
import { readOwnMachine } from "../platform/own-machine.ts";

interface World {
  readonly clock: Clock;
  readonly secrets: Secrets;
}

/** Asks this system, the inventory's nodes over SSH, and the resolver. */
export const machinesOf = ({ nodes }: Cluster, world: World): Machines => ({
  own: readOwnMachine,
  addressesOf,
  below: async (name, told, signal) => {
    const node = nodes.find((each) => each.name === name);
    if (node === undefined) return { machine: told, login: null };
    const report = node.ssh === null ? null : await reportOf(node.ssh, world, signal);
    const { machine, login } = await machineFacts(node, report, addressesOf);
    return { machine: mergedFacts(told, machine), login };
  },
});

/** Null where nobody can be asked: then addresses have to tell. */
async function reportOf(
  access: SshAccess,
  world: World,
  signal: AbortSignal,
): Promise<NodeReport | null> {
  const report = await ask(world.clock, surveyPatience.node, async (deadline) =>
    readNodeReport(access, { ...world, signal: either(signal, deadline) }),
  );
  signal.throwIfAborted();
  return report.told ? report.value : null;
}
