import type { JournalRecord } from "../model/journal.ts";
import type { RunPlan } from "../model/plan.ts";
import type { GuardOverride } from "../model/run-report.ts";

/** Guards that the run was told not to obey: in how many trials that mattered, and for what. */
export const overridesOf = (
  { experiment }: RunPlan,
  records: readonly JournalRecord[],
): readonly GuardOverride[] =>
  experiment.overrides.map((guard) => {
    const found = records.flatMap(({ event }) =>
      event.kind === "overridden"
        ? event.refusals
            .filter((refusal) => refusal.guard === guard)
            .map(({ saw }) => ({ trial: event.trial, saw }))
        : [],
    );
    return {
      guard,
      trials: new Set(found.map(({ trial }) => trial)).size,
      saw: [...new Set(found.map(({ saw }) => saw))],
    };
  });
