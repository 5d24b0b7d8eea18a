import type { Trial } from "../trial.ts";

export async function trialStarted({ parts, notes }: Trial): Promise<void> {
  parts.progress.trialStarted(parts.trial);
  await notes.note({
    kind: "trial-started",
    arm: parts.arm.name,
    repetition: parts.trial.repetition,
    cluster: parts.cluster.driver.name,
    seed: parts.trial.seed,
  });
}
