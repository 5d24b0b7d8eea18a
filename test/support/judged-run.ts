import { join } from "node:path";
import { recordsByTrial } from "../../src/analysis/trial-facts.ts";
import { trialResult } from "../../src/analysis/trial-results.ts";
import type { JournalRecord } from "../../src/model/journal.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { TrialResult } from "../../src/model/trial-result.ts";
import { FileSampleReader } from "../../src/store/file-sample-reader.ts";
import { readPlan } from "../../src/store/plan-file.ts";
import { readJournal } from "../../src/store/read-journal.ts";

/** A run's folder, judged by the product's own analysis. */
export interface JudgedRun {
  readonly trials: readonly TrialResult[];
  readonly records: readonly JournalRecord[];
}

export async function judgedRun(folder: string): Promise<JudgedRun> {
  const [plan, journal] = await Promise.all([
    readPlan(join(folder, "plan.json")),
    readJournal(join(folder, "journal.ndjson")),
  ]);
  const samples: Sample[] = [];
  for await (const sample of new FileSampleReader(join(folder, "samples.ndjson")).read()) {
    samples.push(sample);
  }
  const byTrial = recordsByTrial(journal.records);
  const recordsOf = (trial: string) => byTrial.get(trial) ?? [];
  return {
    trials: plan.trials.map((trial) =>
      trialResult(plan, trial, {
        records: recordsOf(trial.id),
        samples: samples.filter((sample) => sample.trial === trial.id),
      }),
    ),
    records: journal.records,
  };
}
