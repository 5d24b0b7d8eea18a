import { Z_95 } from "./normal.ts";

/** How long something took; or, where its end was not seen, that it took longer than `time`. */
export interface Observation {
  readonly time: number;
  readonly seen: boolean;
}

/** The estimate from one end that was seen to the next. */
export interface SurvivalStep {
  readonly time: number;
  /** Share that takes longer than `time`. */
  readonly survival: number;
  /** Greenwood's variance of it. */
  readonly variance: number;
  /** Its 95 % interval by the log-log transformation; all of 0 .. 1 where nothing is left to go by. */
  readonly band: readonly [low: number, high: number];
}

/**
 * The share that takes longer than each time, from values of which some are known only to be longer (Kaplan and Meier,
 * 1958; Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, section 1.4, for the band). What ends
 * at the very time at which another is last seen ends before it.
 */
export function kaplanMeier(observations: readonly Observation[]): readonly SurvivalStep[] {
  const times = [...new Set(observations.filter(({ seen }) => seen).map(({ time }) => time))];
  let [survival, greenwood] = [1, 0];
  return times
    .toSorted((a, b) => a - b)
    .map((time) => {
      const atRisk = observations.filter((each) => each.time >= time).length;
      const ended = observations.filter((each) => each.seen && each.time === time).length;
      survival *= 1 - ended / atRisk;
      greenwood += ended / (atRisk * (atRisk - ended));
      return survival === 0
        ? { time, survival, variance: 0, band: [0, 1] }
        : {
            time,
            survival,
            variance: survival ** 2 * greenwood,
            band: logLog(survival, greenwood),
          };
    });
}

function logLog(survival: number, greenwood: number): readonly [number, number] {
  const reach = Math.exp((Z_95 * Math.sqrt(greenwood)) / Math.abs(Math.log(survival)));
  return [survival ** reach, survival ** (1 / reach)];
}

/** Sums of shares differ in their last bits. */
const SAME = 1e-9;

/**
 * The time within which a share `p` ends: where the estimate falls below 1 - p, and half-way along where it stands at 1 - p
 * for a while, as the sample's median does. Null: too few ends were seen to tell.
 */
export function survivalQuantile(steps: readonly SurvivalStep[], p: number): number | null {
  const index = steps.findIndex(({ survival }) => survival <= 1 - p + SAME);
  const [step, next] = [steps[index], steps[index + 1]];
  if (step === undefined) return null;
  if (step.survival < 1 - p - SAME) return step.time;
  return next === undefined ? null : (step.time + next.time) / 2;
}

/**
 * Its 95 % interval: the times at which the band holds 1 - p (Brookmeyer and Crowley, A confidence interval for the median
 * survival time, 1982). Null: no end.
 */
export function quantileInterval(
  steps: readonly SurvivalStep[],
  p: number,
): readonly [low: number | null, high: number | null] {
  const first = (side: 0 | 1): number | null =>
    steps.find(({ band }) => band[side] <= 1 - p)?.time ?? null;
  return [first(0), first(1)];
}
