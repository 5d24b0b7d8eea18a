import type { Cluster, NodeAccess } from "../model/inventory.ts";
import type { RunPlan } from "../model/plan.ts";

/** Trust that the inventory switched off by name, or that rests on the user's word, on the clusters of this run. */
export function downgradesOf({ inventory, experiment }: RunPlan): readonly string[] {
  const used = new Set(experiment.arms.map(({ cluster }) => cluster));
  return inventory.clusters.filter(({ name }) => used.has(name)).flatMap(downgradesOfCluster);
}

function downgradesOfCluster({ name, api, nodes }: Cluster): readonly string[] {
  return [
    ...(api.tls.kind === "insecure"
      ? [`${name}: the API's certificate is not verified (tls: insecure)`]
      : []),
    ...concerning(
      nodes.filter(({ ssh }) => ssh?.host_key === "insecure"),
      (them) => `${name}: the SSH host key of ${them} is not verified (host_key: insecure)`,
    ),
    ...concerning(
      nodes.filter(({ bmc }) => bmc?.mapping === "asserted"),
      (them) =>
        `${name}: that the BMC of ${them} is its own is asserted, not proven (mapping: asserted)`,
    ),
  ];
}

const concerning = (
  nodes: readonly NodeAccess[],
  text: (them: string) => string,
): readonly string[] =>
  nodes.length === 0 ? [] : [text(nodes.map(({ name }) => name).join(", "))];
