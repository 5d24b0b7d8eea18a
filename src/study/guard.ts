import type { ClusterHealth, ClusterIdentity, NodeHealth } from "../model/cluster-facts.ts";
import type { Placement } from "../model/experiment.ts";
import type { SafetyLimits } from "../model/inventory.ts";
import type { Refusal } from "../model/journal.ts";

/** Why this node must not be taken away, from fresh facts. Empty: it may be. Pure, so that `plan` and the kill ask the same. */
export function refusalsFor(
  victim: string,
  health: ClusterHealth,
  safety: SafetyLimits,
): readonly Refusal[] {
  const node = health.nodes.find((each) => each.name === victim);
  if (node === undefined) {
    return [
      {
        guard: "known-node",
        saw: `the cluster has no node ${victim}`,
        needs: "the inventory's node names to be the cluster's own",
      },
    ];
  }
  return [
    ...protectedNode(node, safety),
    ...tooManyDown(node, health, safety),
    ...quorumLost(node, health),
    ...nowhereToGo(node, health),
    ...otherWorkloads(node),
  ];
}

/** The right cluster: what was pinned, or what was seen when the run began. */
export function identityRefusals(
  seen: ClusterIdentity,
  expected: { readonly name: string | null; readonly fingerprint: string | null },
): readonly Refusal[] {
  const differs =
    (expected.name !== null && expected.name !== seen.name) ||
    (expected.fingerprint !== null && !sameFingerprint(expected.fingerprint, seen.fingerprint));
  if (!differs) return [];
  return [
    {
      guard: "cluster-identity",
      saw: `cluster ${seen.name} with ${seen.fingerprint}`,
      needs: `cluster ${expected.name ?? seen.name} with ${expected.fingerprint ?? "any fingerprint"}`,
    },
  ];
}

/** Where the desktop was to be and is not: the trial would belong to another condition. */
export function misplaced(
  victim: string,
  placement: Placement,
  health: ClusterHealth,
): string | null {
  const master = health.nodes.find((node) => node.master)?.name ?? null;
  switch (placement.kind) {
    case "any":
      return null;
    case "node":
      return victim === placement.node ? null : `it is on ${victim}, not on ${placement.node}`;
    case "crm-master":
      return victim === master
        ? null
        : `it is on ${victim}, the CRM master is ${master ?? "unknown"}`;
    case "not-crm-master":
      return victim === master ? `it is on ${victim}, which is the CRM master` : null;
  }
}

const sameFingerprint = (a: string, b: string): boolean =>
  a.replaceAll(":", "").toLowerCase() === b.replaceAll(":", "").toLowerCase();

function protectedNode(node: NodeHealth, safety: SafetyLimits): readonly Refusal[] {
  if (!safety.protected_nodes.includes(node.name)) return [];
  return [
    {
      guard: "protected-node",
      saw: `the desktop is on ${node.name}, which is protected`,
      needs: "another placement, or the node taken out of protected_nodes",
    },
  ];
}

function tooManyDown(
  node: NodeHealth,
  health: ClusterHealth,
  safety: SafetyLimits,
): readonly Refusal[] {
  const down = health.nodes.filter((each) => !each.online && each.name !== node.name);
  if (down.length + 1 <= safety.max_nodes_down) return [];
  return [
    {
      guard: "max-nodes-down",
      saw: `${down.length} other node(s) are down (${down.map((each) => each.name).join(", ")})`,
      needs: `at most ${safety.max_nodes_down} node(s) down with the victim`,
    },
  ];
}

function quorumLost(node: NodeHealth, health: ClusterHealth): readonly Refusal[] {
  const { quorum } = health;
  if (quorum === null) return [];
  const left = quorum.present_votes - (node.online ? node.votes : 0);
  if (quorum.quorate && (node.votes === 0 || left >= quorum.needed_votes)) return [];
  return [
    {
      guard: "quorum",
      saw: quorum.quorate
        ? `${left} of ${quorum.expected_votes} votes would be left without ${node.name}`
        : "the cluster has no quorum now",
      needs: `${quorum.needed_votes} votes without the victim`,
    },
  ];
}

function nowhereToGo(node: NodeHealth, health: ClusterHealth): readonly Refusal[] {
  const others = health.nodes.filter(
    (each) => each.name !== node.name && each.online && each.schedulable && !each.maintenance,
  );
  if (others.length > 0) return [];
  return [
    {
      guard: "spare-node",
      saw: `no other node is online and may run the desktop`,
      needs: "at least one such node",
    },
  ];
}

function otherWorkloads(node: NodeHealth): readonly Refusal[] {
  if (node.workloads.length === 0) return [];
  return [
    {
      guard: "other-workloads",
      saw: `${node.name} also runs ${node.workloads.slice(0, 5).join(", ")}${node.workloads.length > 5 ? ` and ${node.workloads.length - 5} more` : ""}`,
      needs: "a victim that runs nothing but the desktop",
    },
  ];
}
