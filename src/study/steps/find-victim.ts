import { TrialEnds } from "../trial-ends.ts";
import type { DeployedDesktop, Observed, Trial } from "../trial.ts";

/** The node that hosts the desktop now. From here on neither the probe nor the driver goes through it. */
export async function findVictim(
  { parts, notes }: Trial,
  desktop: DeployedDesktop,
  observed: Observed,
): Promise<string> {
  notes.step("finding the victim");
  const whereabouts = await parts.cluster.driver.whereabouts(desktop.handle, observed.signal);
  if (whereabouts.node === null) {
    throw new TrialEnds("void", "the control plane does not say which node hosts the desktop");
  }
  await notes.note({ kind: "victim-found", node: whereabouts.node, whereabouts });
  await observed.aimAt(whereabouts.node);
  return whereabouts.node;
}
