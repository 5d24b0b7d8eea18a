import type { JournalEvent, JournalRecord } from "../model/journal.ts";
import type { PlannedTrial, RunPlan } from "../model/plan.ts";

export interface Missing {
  /** Never begun, in the planned order. */
  readonly trials: readonly PlannedTrial[];
  /** What closes the trial that the death of the run interrupted: it is void. */
  readonly closing: readonly JournalEvent[];
}

/** What a run that is resumed has still to do. */
export function missingTrials(plan: RunPlan, records: readonly JournalRecord[]): Missing {
  const begun = new Set<string>();
  const ended = new Set<string>();
  for (const { event } of records) {
    if (event.kind === "trial-started") begun.add(event.trial);
    if (event.kind === "trial-ended") ended.add(event.trial);
  }
  return {
    trials: plan.trials.filter(({ id }) => !begun.has(id)),
    closing: [...begun]
      .filter((trial) => !ended.has(trial))
      .map((trial) => ({
        kind: "trial-ended",
        trial,
        end: "interrupted",
        detail: "the run died in the middle of it",
      })),
  };
}
