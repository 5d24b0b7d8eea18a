import type { MeasuredTrial } from "../analysis/analyse-trial.ts";
import { analyseTrial } from "../analysis/analyse-trial.ts";
import { trialPrediction } from "../analysis/prediction/trial-prediction.ts";
import { recordsByTrial } from "../analysis/trial-facts.ts";
import type { JournalRecord } from "../model/journal.ts";
import type { PlannedTrial, RunPlan } from "../model/plan.ts";
import type { Sample } from "../model/sample.ts";
import type { TrialResult } from "../model/trial-result.ts";

/** As the report will have it, without its explanation. */
export type KnownResult = MeasuredTrial & Pick<TrialResult, "prediction">;

/** Hours of samples. A trial of days would fill the memory; the report reads its files instead. */
const MOST_FACTS = 200_000;

/** Keeps what a trial says while it runs, for what it comes to. */
export class KeptFacts {
  readonly #most: number;
  #records: JournalRecord[] = [];
  #samples: Sample[] = [];
  #overflowed = false;

  /** @param most how many records and samples it keeps */
  constructor(most = MOST_FACTS) {
    this.#most = most;
  }

  get kept(): number {
    return this.#records.length + this.#samples.length;
  }

  record(record: JournalRecord): void {
    if (this.#hasRoom()) this.#records.push(record);
  }

  sample(sample: Sample): void {
    if (this.#hasRoom()) this.#samples.push(sample);
  }

  /** What they mean, and forgets them; null: they were more than it keeps. */
  end(plan: RunPlan, trial: PlannedTrial): KnownResult | null {
    const [all, samples, isWhole] = [this.#records, this.#samples, !this.#overflowed];
    this.#drop();
    this.#overflowed = false;
    if (!isWhole) return null;
    const records = recordsByTrial(all).get(trial.id) ?? [];
    const measured = analyseTrial(trial, records, samples);
    return { ...measured, prediction: trialPrediction(plan, trial, { records, measured }) };
  }

  #hasRoom(): boolean {
    if (!this.#overflowed && this.kept < this.#most) return true;
    this.#overflowed = true;
    this.#drop();
    return false;
  }

  #drop(): void {
    this.#records = [];
    this.#samples = [];
  }
}
