import type { ClusterHealth, ClusterIdentity } from "../model/cluster-facts.ts";
import type { Placement } from "../model/experiment.ts";
import type { Refusal } from "../model/journal.ts";
import { guards } from "./guards/all.ts";
import type { GuardFacts } from "./guards/gather-facts.ts";

/** Why this node must not be taken away, from fresh facts. Empty: it may be. Pure, so that `plan` and the kill ask the same. */
export function refusalsFor(victim: string, facts: GuardFacts): readonly Refusal[] {
  const node = facts.health.nodes.find((each) => each.name === victim);
  if (node === undefined) {
    return [
      {
        guard: "known-node",
        saw: `the cluster has no node ${victim}`,
        needs: "the inventory's node names to be the cluster's own",
      },
    ];
  }
  return Object.values(guards).flatMap((guard) => guard({ ...facts, victim: node }));
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
