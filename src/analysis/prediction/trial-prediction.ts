import type { RangeMs, SpanMs } from "../../base/interval.ts";
import type { PlannedTrial, RunPlan } from "../../model/plan.ts";
import type { Prediction, PredictionFact } from "../../model/prediction.ts";
import type { TrialPrediction, TrialResult } from "../../model/trial-result.ts";
import { randomOf } from "../draws.ts";
import type { TrialRecord } from "../trial-facts.ts";
import { eventsOf, firstOf, lastOf } from "../trial-facts.ts";
import { predictTrial, renewalCounted } from "./predict-trial.ts";
import { statedTiming } from "./stated-timing.ts";

type Measured = Pick<TrialResult, "outcome" | "victim" | "instants" | "durations_ms">;

interface TrialStory {
  readonly records: readonly TrialRecord[];
  readonly measured: Measured;
}

/** What the twin said of a trial's failover, held against what came of it. Runs of before there were predictions have none. */
export function trialPrediction(
  plan: RunPlan,
  trial: PlannedTrial,
  story: TrialStory,
): TrialPrediction | null {
  const { records, measured } = story;
  const journalled = firstOf(records, "prediction");
  if (journalled === null || !saysSomething(measured.outcome)) return null;
  const { failovers: _, ...prediction } =
    anew(plan, trial, story, journalled) ?? journalled.prediction;
  return { ...prediction, inside: isInside(measured, prediction.recovery_ms) };
}

/**
 * A lease may be renewed between the reading of the timers and the victim's death, and the watch tells of it only after the
 * trial was predicted, or the version that predicted it did not heed it: then it is predicted once more, from that renewal.
 * Null: nothing was seen that the journal's does not know.
 */
function anew(
  plan: RunPlan,
  trial: PlannedTrial,
  { records, measured: { victim, instants } }: TrialStory,
  { renewed_ms }: PredictionFact,
): Prediction | null {
  const arm = plan.experiment.arms.find(({ name }) => name === trial.arm);
  const cluster = plan.inventory.clusters.find(({ name }) => name === arm?.cluster);
  const timers = lastOf(records, "timers")?.timers;
  const events = eventsOf(records);
  if (arm === undefined || cluster === undefined || timers === undefined) return null;
  if (victim === null || instants.fault === null) return null;
  const killed = instants.fault;
  const [read] = timers.at_ms;
  const renewal = renewalCounted({ events, killed });
  if (renewal === null || renewal[1] < read) return null;
  if (renewed_ms !== undefined && isSame(renewal, renewed_ms)) return null;
  return predictTrial(
    {
      timing: statedTiming(cluster, plan.lab),
      desktop: arm.desktop,
      fault: arm.fault,
      victim,
      timers,
      events,
      killed,
    },
    predictionRandom,
  );
}

/**
 * All trials are held against the same failovers, so that predictions differ by what was known before the kill alone, and one
 * that is made anew plays those of the journal.
 */
export const predictionRandom = randomOf(1, "prediction");

const isSame = (one: SpanMs, other: SpanMs | null): boolean =>
  other !== null && one[0] === other[0] && one[1] === other[1];

const saysSomething = ({ kind }: TrialResult["outcome"]): boolean =>
  kind === "recovered" || kind === "censored" || kind === "no-outage";

function isInside(
  { outcome, durations_ms: { recovery } }: Measured,
  [low, high]: RangeMs,
): boolean | null {
  if (outcome.kind === "censored") return outcome.longer_than_ms > high ? false : null;
  if (outcome.kind !== "recovered" || recovery === null) return null;
  return recovery[0] <= high && recovery[1] >= low;
}
