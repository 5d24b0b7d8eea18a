import { OperatingError } from "../../base/errors.ts";
import type { Random } from "../../contracts/random.ts";
import type { NodeHealth } from "../../model/cluster-facts.ts";
import type { Placement } from "../../model/experiment.ts";

/** Nodes that fit, in the order of their names. Rejects where there is none. */
export function fittingNodes(
  placement: Placement,
  nodes: readonly NodeHealth[],
): readonly string[] {
  const able = nodes.filter((node) => node.online && node.schedulable);
  const aboutMaster = placement.kind === "crm-master" || placement.kind === "not-crm-master";
  const fitting =
    aboutMaster && !nodes.some((node) => node.master)
      ? []
      : able.filter((node) => fits(placement, node));
  if (fitting.length > 0) return fitting.map((node) => node.name).toSorted();
  throw new OperatingError(
    "rejected",
    `Cannot place the desktop as no node fits: wanted is ${describe(placement)}, there are ${nodes.map(describeNode).join(", ")}`,
  );
}

export const pick = (names: readonly string[], random: Random): string =>
  names[Math.floor(random.next() * names.length)] ?? "";

function fits(placement: Placement, node: NodeHealth): boolean {
  switch (placement.kind) {
    case "any":
      return true;
    case "crm-master":
      return node.master;
    case "not-crm-master":
      return !node.master;
    case "node":
      return node.name === placement.node;
  }
}

const describe = (placement: Placement): string =>
  placement.kind === "node" ? `node ${placement.node}` : placement.kind;

const describeNode = (node: NodeHealth): string =>
  `${node.name} (${[node.online ? "online" : "offline", ...(node.master ? ["CRM master"] : []), ...(node.schedulable ? [] : ["not schedulable"])].join(", ")})`;
