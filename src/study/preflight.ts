import { present } from "../base/assert.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Fault } from "../contracts/fault.ts";
import type { ClusterHealth, ClusterIdentity } from "../model/cluster-facts.ts";
import type { Arm, Experiment } from "../model/experiment.ts";
import type { Refusal } from "../model/journal.ts";
import { identityRefusals, misplaced, refusalsFor } from "./guard.ts";
import { gatherFacts } from "./guards/gather-facts.ts";
import type { Spending } from "./guards/guard.ts";
import { weighed } from "./guards/weigh.ts";
import { lockRefusal } from "./lock/lock-refusal.ts";
import type { ClusterParts } from "./trial-parts.ts";

/** What an arm would meet now: read, not changed. */
export interface ArmPreflight {
  readonly arm: Arm;
  /** How its fault is taken back. */
  readonly cure: string;
  readonly identity: ClusterIdentity;
  readonly health: ClusterHealth;
  readonly candidates: readonly Candidate[];
}

/** A node that the desktop could be on, and so could be killed. */
interface Candidate {
  readonly node: string;
  /** Why the kill would be refused; empty: it would be done. */
  readonly refusals: readonly Refusal[];
  /** Why it would be refused if the user had not overridden the guards that say so. */
  readonly overridden: readonly Refusal[];
}

interface PreflightParts {
  readonly clusters: ReadonlyMap<string, ClusterParts>;
  readonly faults: ReadonlyMap<string, Fault>;
  readonly clock: Clock;
}

/** Asks all clusters, guards and faults what they would say, arm by arm, for every node that may become the victim. */
export async function preflight(
  experiment: Experiment,
  parts: PreflightParts,
  signal: AbortSignal,
): Promise<readonly ArmPreflight[]> {
  const results: ArmPreflight[] = [];
  for (const arm of experiment.arms) results.push(await ofArm(arm, experiment, parts, signal));
  return results;
}

/** An arm none of whose candidates may be killed can never have a trial. */
export const hopeless = (result: ArmPreflight): boolean =>
  result.candidates.every((candidate) => candidate.refusals.length > 0);

async function ofArm(
  arm: Arm,
  experiment: Experiment,
  { clusters, faults, clock }: PreflightParts,
  signal: AbortSignal,
): Promise<ArmPreflight> {
  const cluster = present(clusters.get(arm.cluster), `cluster ${arm.cluster}`);
  const fault = present(faults.get(arm.name), `the fault of arm ${arm.name}`);
  const identity = await cluster.driver.identify(signal);
  const health = await cluster.driver.health(signal);
  const holder = await cluster.driver.lock.read(signal);
  const locked = holder === null ? [] : [lockRefusal(arm.cluster, holder)];
  const run = { clock, spending: plannedOn(arm.cluster, experiment), signal };
  const eligible = health.nodes.filter(
    (node) => node.schedulable && misplaced(node.name, arm.placement, health) === null,
  );
  const candidates = await Promise.all(
    eligible.map(async ({ name }): Promise<Candidate> => {
      const facts = await gatherFacts(name, health, cluster, run);
      const asked = weighed(refusalsFor(name, facts), experiment.overrides);
      const cure = await fault.check(name, signal);
      const wrong = identityRefusals(identity, cluster.identity);
      return { node: name, ...asked, refusals: [...wrong, ...locked, ...asked.refusals, ...cure] };
    }),
  );
  return { arm, cure: fault.cure, identity, health, candidates };
}

const plannedOn = (cluster: string, { arms }: Experiment): Spending => ({
  kind: "planned",
  kills: arms
    .filter((arm) => arm.cluster === cluster)
    .reduce((total, arm) => total + arm.trials, 0),
});
