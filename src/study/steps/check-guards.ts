import { identityRefusals, misplaced, refusalsFor } from "../guard.ts";
import { TrialEnds } from "../trial-ends.ts";
import type { DeployedDesktop, Observed, Trial } from "../trial.ts";

/** The guard rails once more, against facts that are seconds old. */
export async function checkGuards(
  { parts, notes }: Trial,
  desktop: DeployedDesktop,
  victim: string,
  observed: Observed,
): Promise<void> {
  const { driver, safety, identity } = parts.cluster;
  notes.step("checking the guard rails");
  const [seen, health, cure, whereabouts] = await Promise.all([
    driver.identify(observed.signal),
    driver.health(observed.signal),
    parts.fault.check(victim, observed.signal),
    driver.whereabouts(desktop.handle, observed.signal),
  ]);
  const refusals = [
    ...identityRefusals(seen, identity),
    ...refusalsFor(victim, health, safety),
    ...cure,
  ];
  if (refusals.length > 0) {
    await notes.note({ kind: "refused", refusals });
    const words = refusals.map((each) => `${each.guard}: ${each.saw}; needs ${each.needs}`);
    throw new TrialEnds("refused", words.join(". "));
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
}
