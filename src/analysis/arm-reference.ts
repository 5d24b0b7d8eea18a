import { middleMs } from "../base/interval.ts";
import type { Reference } from "../model/experiment.ts";
import type { ArmReference } from "../model/run-report.ts";
import type { TrialResult } from "../model/trial-result.ts";
import { medianShiftInterval } from "./bootstrap.ts";
import { drawsOf } from "./draws.ts";
import { outerInterval, rangesOf } from "./measure-statistics.ts";
import { mean, median, standardDeviation } from "./quantile.ts";

/** Values measured elsewhere, set beside an arm's own recovered trials. */
export function armReference(
  reference: Reference,
  trials: readonly TrialResult[],
  seed: number,
): ArmReference {
  const { title, source, measure, values_ms } = reference;
  const ranges = rangesOf(trials, measure);
  const own = ranges.map(middleMs);
  // Both ends of the interval come from the same draws.
  const draws = (): (() => number) => drawsOf(seed, `${reference.arm}/${measure}/${title}`);
  return {
    title,
    source,
    measure,
    n: values_ms.length,
    values_ms,
    median_ms: median(values_ms),
    mean_ms: mean(values_ms),
    sd_ms: values_ms.length < 2 ? 0 : standardDeviation(values_ms),
    min_ms: Math.min(...values_ms),
    max_ms: Math.max(...values_ms),
    shift_ms: own.length === 0 ? null : median(own) - median(values_ms),
    shift_interval_ms: outerInterval(ranges, (values) =>
      medianShiftInterval(values, values_ms, draws()),
    ),
    ecdf_distance: own.length === 0 ? null : ecdfDistance(own, values_ms),
  };
}

/** The Kolmogorov-Smirnov statistic: the largest distance of the two empirical distribution functions. */
export const ecdfDistance = (one: readonly number[], other: readonly number[]): number =>
  Math.max(...[...one, ...other].map((at) => Math.abs(shareUpTo(one, at) - shareUpTo(other, at))));

const shareUpTo = (values: readonly number[], limit: number): number =>
  values.filter((value) => value <= limit).length / values.length;
