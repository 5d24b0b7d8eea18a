import { present } from "../base/assert.ts";
import type { Fault } from "../contracts/fault.ts";
import type { ClusterHealth, ClusterIdentity } from "../model/cluster-facts.ts";
import type { Arm, Experiment } from "../model/experiment.ts";
import type { Refusal } from "../model/journal.ts";
import { identityRefusals, misplaced, refusalsFor } from "./guard.ts";
import type { ClusterParts } from "./trial-parts.ts";

/** What an arm would meet now: read, not changed. */
export interface ArmPreflight {
  readonly arm: Arm;
  readonly identity: ClusterIdentity;
  readonly health: ClusterHealth;
  readonly candidates: readonly Candidate[];
}

/** A node that the desktop could be on, and so could be killed. */
interface Candidate {
  readonly node: string;
  /** Why the kill would be refused; empty: it would be done. */
  readonly refusals: readonly Refusal[];
}

/** Asks all clusters, guards and faults what they would say, arm by arm, for every node that may become the victim. */
export async function preflight(
  experiment: Experiment,
  parts: {
    readonly clusters: ReadonlyMap<string, ClusterParts>;
    readonly faults: ReadonlyMap<string, Fault>;
  },
  signal: AbortSignal,
): Promise<readonly ArmPreflight[]> {
  const results: ArmPreflight[] = [];
  for (const arm of experiment.arms) {
    const cluster = present(parts.clusters.get(arm.cluster), `cluster ${arm.cluster}`);
    const fault = present(parts.faults.get(arm.name), `the fault of arm ${arm.name}`);
    const identity = await cluster.driver.identify(signal);
    const health = await cluster.driver.health(signal);
    const eligible = health.nodes.filter(
      (node) => node.schedulable && misplaced(node.name, arm.placement, health) === null,
    );
    const candidates = await Promise.all(
      eligible.map(async ({ name }) => ({
        node: name,
        refusals: [
          ...identityRefusals(identity, cluster.identity),
          ...refusalsFor(name, health, cluster.safety),
          ...(await fault.check(name, signal)),
        ],
      })),
    );
    results.push({ arm, identity, health, candidates });
  }
  return results;
}

/** An arm none of whose candidates may be killed can never have a trial. */
export const hopeless = (result: ArmPreflight): boolean =>
  result.candidates.every((candidate) => candidate.refusals.length > 0);
