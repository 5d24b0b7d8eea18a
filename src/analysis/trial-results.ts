import { OperatingError } from "../base/errors.ts";
import type { JournalRecord } from "../model/journal.ts";
import type { PlannedTrial, RunPlan } from "../model/plan.ts";
import type { Sample } from "../model/sample.ts";
import type { TrialStory } from "../model/trial-story.ts";
import type { TrialResult } from "../model/trial-result.ts";
import type { MeasuredTrial } from "./analyse-trial.ts";
import { analyseTrial } from "./analyse-trial.ts";
import { trialExplanation } from "./explanation/trial-explanation.ts";
import { trialPrediction } from "./prediction/trial-prediction.ts";
import { trialStory } from "./trial-story.ts";
import type { TrialRecord } from "./trial-facts.ts";
import { recordsByTrial } from "./trial-facts.ts";

/** The results of the trials that were started, in the order of the plan. Rejects as `perTrial` does. */
export async function trialResults(
  run: RunOfTrials,
  tell: TellStory = () => undefined,
): Promise<readonly TrialResult[]> {
  return await perTrial(run, (trial, facts) => {
    const result = trialResult(run.plan, trial, facts);
    tell(trial.id, trialStory(facts.records, facts.samples, result.instants));
    return result;
  });
}

/** Told of each trial that was started, once. */
export type TellStory = (trial: string, story: TrialStory) => void;

interface RunOfTrials {
  readonly plan: RunPlan;
  readonly records: readonly JournalRecord[];
  readonly samples: AsyncIterable<Sample>;
}

/** The same without predictions and explanations. */
export async function measuredTrials(
  plan: RunPlan,
  records: readonly JournalRecord[],
  samples: AsyncIterable<Sample>,
): Promise<readonly MeasuredTrial[]> {
  return await perTrial({ plan, records, samples }, (trial, facts) =>
    analyseTrial(trial, facts.records, facts.samples),
  );
}

interface TrialFacts {
  readonly records: readonly TrialRecord[];
  readonly samples: readonly Sample[];
}

/**
 * What `judge` makes of each trial that was started, in the order of the plan. Holds the samples of one trial at a time, so
 * that the longest run needs little memory.
 * Rejects with `environment` when the samples do not belong to this journal, or are not contiguous by trial.
 */
async function perTrial<T>(
  { plan, records, samples }: RunOfTrials,
  judge: (trial: PlannedTrial, facts: TrialFacts) => T,
): Promise<readonly T[]> {
  const byTrial = recordsByTrial(records);
  const started = plan.trials.filter(({ id }) => byTrial.has(id));
  const planned = new Map(started.map((trial) => [trial.id, trial]));
  const results = new Map<string, T>();
  const analyse = (id: string, own: readonly Sample[]): void => {
    const trial = planned.get(id);
    if (trial === undefined)
      throw plan.trials.some((each) => each.id === id) ? cutOff(id) : foreign(id);
    if (results.has(id)) throw inPieces(id);
    results.set(id, judge(trial, { records: byTrial.get(id) ?? [], samples: own }));
  };
  for await (const [id, own] of groupedByTrial(samples)) analyse(id, own);
  for (const { id } of started) if (!results.has(id)) analyse(id, []);
  return started.flatMap(({ id }) => results.get(id) ?? []);
}

/** One trial, measured, held against its prediction, and explained. */
export function trialResult(
  plan: RunPlan,
  trial: PlannedTrial,
  { records, samples }: TrialFacts,
): TrialResult {
  const { notes, ...measured } = analyseTrial(trial, records, samples);
  const prediction = trialPrediction(plan, trial, { records, measured });
  const explanation = trialExplanation({ records, samples, measured, predicted: prediction });
  return { ...measured, prediction, explanation, notes };
}

async function* groupedByTrial(
  samples: AsyncIterable<Sample>,
): AsyncGenerator<readonly [string, readonly Sample[]]> {
  let own: Sample[] = [];
  for await (const sample of samples) {
    const [first] = own;
    if (first !== undefined && first.trial !== sample.trial) {
      yield [first.trial, own];
      own = [];
    }
    own.push(sample);
  }
  const [first] = own;
  if (first !== undefined) yield [first.trial, own];
}

const unusable = (trial: string, why: string): OperatingError =>
  new OperatingError("environment", `Cannot analyse the samples as ${why}`, { facts: { trial } });

const foreign = (trial: string): OperatingError =>
  unusable(trial, `they are not of this run: the journal knows no trial ${trial}`);

const cutOff = (trial: string): OperatingError =>
  unusable(
    trial,
    `the journal has lost its end: it knows nothing of trial ${trial}, which was planned and has samples. Take the journal from a copy of the run`,
  );

const inPieces = (trial: string): OperatingError =>
  unusable(trial, `they are out of order: those of trial ${trial} come in several places`);
