import type { Refusal } from "../../model/journal.ts";
import type { ClusterHealth } from "../../model/cluster-facts.ts";
import { identityRefusals, misplaced, refusalsFor } from "../guard.ts";
import { gatherFacts } from "../guards/gather-facts.ts";
import type { Weighed } from "../guards/weigh.ts";
import { weighed } from "../guards/weigh.ts";
import { obstacles } from "../obstacles.ts";
import { TrialEnds } from "../trial-ends.ts";
import type { TrialParts } from "../trial-parts.ts";
import type { DeployedDesktop, Observed, Trial } from "../trial.ts";

/** The guard rails once more, against facts that are seconds old. */
export async function checkGuards(
  { parts, notes }: Trial,
  desktop: DeployedDesktop,
  victim: string,
  observed: Observed,
): Promise<void> {
  const { driver, identity } = parts.cluster;
  notes.step("checking the guard rails");
  const [seen, [health, asked], cure, whereabouts] = await Promise.all([
    driver.identify(observed.signal),
    askGuards(parts, victim, observed.signal),
    parts.fault.check(victim, observed.signal),
    driver.whereabouts(desktop.handle, observed.signal),
  ]);
  const refusals = [...identityRefusals(seen, identity), ...asked.refusals, ...cure];
  if (refusals.length > 0) {
    await notes.note({ kind: "refused", refusals });
    throw new TrialEnds("refused", inWords(refusals));
  }
  const unsettled = obstacles(health, parts.overrides);
  if (unsettled.length > 0) {
    // It was settled when the trial began: a failover now would be measured on another cluster than the arm's.
    throw new TrialEnds("void", `the cluster is not settled any more: ${unsettled.join("; ")}`);
  }
  if (whereabouts.node !== victim) {
    throw new TrialEnds(
      "void",
      `the desktop moved from ${victim} to ${whereabouts.node ?? "nowhere"}`,
    );
  }
  const elsewhere = misplaced(victim, parts.arm.placement, health);
  if (elsewhere !== null) {
    throw new TrialEnds("void", `the desktop is not where the arm wants it: ${elsewhere}`);
  }
  const { overridden } = asked;
  if (overridden.length > 0) await notes.note({ kind: "overridden", refusals: overridden });
}

async function askGuards(
  { cluster, arm, clock, spent, overrides }: TrialParts,
  victim: string,
  signal: AbortSignal,
): Promise<readonly [ClusterHealth, Weighed]> {
  const health = await cluster.driver.health(signal);
  const run = { clock, spending: spent.on(arm.cluster), signal };
  const facts = await gatherFacts(victim, health, cluster, run);
  return [health, weighed(refusalsFor(victim, facts), overrides)];
}

const inWords = (refusals: readonly Refusal[]): string =>
  refusals.map((each) => `${each.guard}: ${each.saw}; needs ${each.needs}`).join(". ");
