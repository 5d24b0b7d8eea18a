import type { Clock } from "../../contracts/clock.ts";
import type { MachineBelow } from "../../contracts/machines.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { NodeAccess } from "../../model/inventory.ts";
import type { OwnMachine } from "../../model/own-machine.ts";
import type { Finding } from "../../model/survey.ts";
import type { ResolveHost } from "./machine-facts.ts";
import { machineFacts } from "./machine-facts.ts";
import { askBmc, judgeBmc } from "./node-bmc.ts";
import { surveySsh } from "./node-ssh.ts";
import { judgeWhere } from "./where-we-run.ts";

interface World {
  readonly clock: Clock;
  readonly secrets: Secrets;
  readonly own: OwnMachine;
  readonly resolve: ResolveHost;
}

export interface NodesSurveyed {
  readonly findings: readonly Finding[];
  /** What was told of the machine below each node. */
  readonly machines: ReadonlyMap<string, MachineBelow>;
}

/** The ways into the nodes that the inventory lists, all at once. Takes seconds, whoever is silent. */
export async function surveyNodes(
  nodes: readonly NodeAccess[],
  world: World,
): Promise<NodesSurveyed> {
  const surveyed = await Promise.all(nodes.map(async (node) => await surveyNode(node, world)));
  return {
    findings: surveyed.flatMap(({ findings }) => findings),
    machines: new Map(surveyed.map(({ name, below }) => [name, below])),
  };
}

async function surveyNode(node: NodeAccess, world: World) {
  const { name, ssh, bmc } = node;
  const [told, power] = await Promise.all([
    ssh === null ? null : surveySsh(name, ssh, world),
    bmc === null ? null : askBmc(bmc, world),
  ]);
  const report = told?.report ?? null;
  const below = await machineFacts(node, report, world.resolve);
  const findings: readonly Finding[] = [
    ...(told?.findings ?? []),
    ...(bmc === null || power === null
      ? []
      : [judgeBmc({ name, bmc }, report?.uuid ?? null, power)]),
    ...judgeWhere(name, below.machine, world.own),
  ];
  return { name, below, findings };
}
