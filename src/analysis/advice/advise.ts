import { middleMs } from "../../base/interval.ts";
import type { Random } from "../../contracts/random.ts";
import { formatDuration, milliseconds, minutes } from "../../base/time.ts";
import type { Arm } from "../../model/experiment.ts";
import type { RunReport } from "../../model/run-report.ts";
import type { Timing } from "../../model/survey.ts";
import { killsTheMachine } from "../fault-nature.ts";
import { measureValues } from "../measure-values.ts";
import { median } from "../quantile.ts";
import { predictedRecoveries } from "./predicted-recoveries.ts";
import { MOST_TRIALS, expectedReach, trialsNeeded } from "./trials-needed.ts";

/** How an arm's trials are expected to come out. */
export interface Expected {
  readonly recoveries_ms: readonly number[];
  readonly trial_ms: number;
  /** "the twin's prediction". */
  readonly by: string;
}

/** Deploying the desktop, watching it answer, waiting for a random moment, and removing it: about a minute. */
const AROUND_MS = 60_000;

/** By the twin. Null: it does not predict this fault. */
export function expectedByTwin(arm: Arm, timing: Timing, random: Random): Expected | null {
  if (!killsTheMachine(arm.fault)) return null;
  const recoveries_ms = predictedRecoveries(arm, timing, random);
  if (recoveries_ms === null) return null;
  const { node_boot_ms } = timing.settings.assumed;
  const trial_ms = AROUND_MS + median(recoveries_ms) + node_boot_ms + arm.cooldown_ms;
  return { recoveries_ms, trial_ms, by: "the twin's prediction" };
}

/** By the arm of that name in an earlier run. Null: it has none, or too few of its trials recovered. */
export function expectedByRun(arm: string, run: RunReport): Expected | null {
  const own = run.trials.filter((trial) => trial.arm === arm);
  const { values_ms } = measureValues(own, "recovery");
  if (values_ms.length < 3) return null;
  return {
    recoveries_ms: values_ms.map(middleMs),
    trial_ms: run.length_ms / run.trials.length,
    by: `run ${run.run}`,
  };
}

/** `for ±2 s at 95 % about 12 trials are needed, 41 min; the 10 planned give about ±2.3 s (by the twin's prediction)`. */
export function adviceInWords(
  { recoveries_ms, trial_ms, by }: Expected,
  within_ms: number,
  planned: number,
): string {
  const needed = trialsNeeded(recoveries_ms, within_ms);
  const goal = `for ±${seconds(within_ms)} of the median at 95 %`;
  const answer =
    needed === null
      ? `more than ${MOST_TRIALS} trials are needed`
      : `about ${needed} trials are needed, ${formatDuration(minutes(Math.ceil((needed * trial_ms) / 60_000)))}`;
  const reach = expectedReach(recoveries_ms, planned);
  const given =
    reach === null
      ? `the ${planned} planned are too few for an interval`
      : `the ${planned} planned give about ±${seconds(reach)}`;
  return `${goal} ${answer}; ${given} (by ${by})`;
}

const seconds = (ms: number): string =>
  formatDuration(milliseconds(ms < 1000 ? Math.round(ms) : Math.round(ms / 100) * 100));
