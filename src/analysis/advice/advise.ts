import { middleMs } from "../../base/interval.ts";
import type { Random } from "../../contracts/random.ts";
import { formatDuration, milliseconds, minutes } from "../../base/time.ts";
import type { Arm } from "../../model/experiment.ts";
import type { RunReport } from "../../model/run-report.ts";
import type { Timing } from "../../model/survey.ts";
import { killsTheMachine } from "../fault-nature.ts";
import { measureValues } from "../measure-values.ts";
import { mean, median } from "../quantile.ts";
import { predictedRecoveries } from "./predicted-recoveries.ts";
import type { Floor } from "./trial-error.ts";
import { trialErrorMs } from "./trial-error.ts";
import { MOST_TRIALS, expectedReach, trialsNeeded } from "./trials-needed.ts";

/** How an arm's trials are expected to come out. */
export interface Expected {
  readonly recoveries_ms: readonly number[];
  readonly trial_ms: number;
  /** Half of the interval in which a trial's recovery is known to lie: no number of trials makes it less. */
  readonly error_ms: number;
  /** "the twin's prediction". */
  readonly by: string;
}

/** Deploying the desktop, watching it answer, waiting for a random moment, and removing it: about a minute. */
const AROUND_MS = 60_000;

/** By the twin. Null: it does not predict this fault. */
export function expectedByTwin(
  arm: Arm,
  timing: Timing,
  { random, floor }: { readonly random: Random; readonly floor: Floor },
): Expected | null {
  if (!killsTheMachine(arm.fault)) return null;
  const recoveries_ms = predictedRecoveries(arm, timing, random);
  if (recoveries_ms === null) return null;
  const trial_ms = median(recoveries_ms) + besidesRecoveryMs(timing) + arm.cooldown_ms;
  const error_ms = trialErrorMs(arm, floor);
  return { recoveries_ms, trial_ms, error_ms, by: "the twin's prediction" };
}

/** What a trial takes besides its recovery and the rest after it. */
export const besidesRecoveryMs = ({ settings }: Timing): number =>
  AROUND_MS + settings.assumed.node_boot_ms;

/** By the arm of that name in an earlier run. Null: it has none, or too few of its trials recovered. */
export function expectedByRun(arm: string, run: RunReport): Expected | null {
  const own = run.trials.filter((trial) => trial.arm === arm);
  const { values_ms } = measureValues(own, "recovery");
  if (values_ms.length < 3) return null;
  return {
    recoveries_ms: values_ms.map(middleMs),
    trial_ms: run.length_ms / run.trials.length,
    error_ms: mean(values_ms.map(([low, high]) => (high - low) / 2)),
    by: `run ${run.run}`,
  };
}

/** `for ±2 s at 95 % about 12 trials are needed, 41 min; the 10 planned give about ±2.3 s (by the twin's prediction)`. */
export function adviceInWords(expected: Expected, within_ms: number, planned: number): string {
  const { recoveries_ms, error_ms, by } = expected;
  const goal = `for ±${seconds(within_ms)} of the median at 95 %`;
  const answer = answerInWords(expected, within_ms);
  const reach = expectedReach(recoveries_ms, planned);
  const given =
    reach === null
      ? `the ${planned} planned are too few for an interval`
      : `the ${planned} planned give about ±${seconds(reach + error_ms)}`;
  return `${goal} ${answer}; ${given} (by ${by})`;
}

function answerInWords({ recoveries_ms, trial_ms, error_ms }: Expected, within_ms: number): string {
  if (within_ms < error_ms) {
    return `no number of trials is enough, as each is known to ±${seconds(error_ms)} only`;
  }
  const needed = trialsNeeded(recoveries_ms, within_ms - error_ms);
  return needed === null
    ? `more than ${MOST_TRIALS} trials are needed`
    : `about ${needed} trials are needed, ${formatDuration(minutes(Math.ceil((needed * trial_ms) / 60_000)))}`;
}

const seconds = (ms: number): string =>
  formatDuration(milliseconds(ms < 1000 ? Math.round(ms) : Math.round(ms / 100) * 100));
