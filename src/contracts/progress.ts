import type { JournalRecord } from "../model/journal.ts";
import type { PlannedTrial, RunPlan } from "../model/plan.ts";
import type { Sample } from "../model/sample.ts";

/** Told what happens as it happens; must not throw and must not block. */
export interface Progress {
  runStarted(plan: RunPlan): void;
  trialStarted(trial: PlannedTrial): void;
  /** What the trial is doing now, in the present tense: "waiting for steady state". */
  step(trial: PlannedTrial, doing: string): void;
  record(record: JournalRecord): void;
  sample(sample: Sample): void;
  trialEnded(trial: PlannedTrial): void;
}
