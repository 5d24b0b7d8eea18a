import type { RangeMs } from "../base/interval.ts";
import { recordOf } from "../base/record-of.ts";
import type { DurationMeasure, StatisticName } from "../model/experiment.ts";
import { statisticNames } from "../model/experiment.ts";
import type { MeasureStatistics, StatisticValue } from "../model/run-report.ts";
import type { TrialResult } from "../model/trial-result.ts";
import { medianInterval } from "./bootstrap.ts";
import { drawsOf } from "./draws.ts";
import { measureValues, readings } from "./measure-values.ts";
import { labelOf, standardDeviation, statistic } from "./quantile.ts";
import { survival } from "./survival.ts";

/**
 * One measure over the recovered trials of one arm. A trial stands in by the middle of its interval. Censored trials
 * are counted and never averaged; Kaplan-Meier's estimate beside it counts them in.
 */
export function measureStatistics(
  trials: readonly TrialResult[],
  {
    arm,
    measure,
    seed,
  }: { readonly arm: string; readonly measure: DurationMeasure; readonly seed: number },
): MeasureStatistics {
  const ranges = rangesOf(trials, measure);
  const of = (name: StatisticName): StatisticValue | null =>
    ranges.length === 0 ? null : valueOf(name, ranges);
  return {
    measure,
    n: ranges.length,
    censored: trials.filter(({ outcome }) => outcome.kind === "censored").length,
    values_ms: recordOf(statisticNames, of),
    sd_ms: ranges.length < 2 ? null : deviationOf(ranges),
    median_interval_ms: outerInterval(ranges, () => drawsOf(seed, `${arm}/${measure}`)),
    kaplan_meier: survival(measureValues(trials, measure)),
  };
}

/** The intervals of those trials that recovered and in which the measure was seen. */
export const rangesOf = (
  trials: readonly TrialResult[],
  measure: DurationMeasure,
): readonly RangeMs[] =>
  trials.flatMap(({ outcome, durations_ms }) => {
    const range = durations_ms[measure];
    return outcome.kind === "recovered" && range !== null ? [range] : [];
  });

/** From the lower end of the interval for all lower ends to the upper end of that for all upper ends, from the same draws. */
function outerInterval(ranges: readonly RangeMs[], draws: () => () => number): RangeMs | null {
  const low = medianInterval(ranges.map(readings.low), draws());
  const high = medianInterval(ranges.map(readings.high), draws());
  return low === null || high === null ? null : [low[0], high[1]];
}

function valueOf(name: StatisticName, ranges: readonly RangeMs[]): StatisticValue {
  return {
    value_ms: statistic(name, ranges.map(readings.middle)),
    range_ms: [
      statistic(
        name,
        ranges.map(([low]) => low),
      ),
      statistic(
        name,
        ranges.map(([, high]) => high),
      ),
    ],
    label: labelOf(name, ranges.length),
  };
}

/** It need not grow with its values, so that the ends are put in order, and the value between them. */
function deviationOf(ranges: readonly RangeMs[]): StatisticValue {
  const value_ms = standardDeviation(ranges.map(readings.middle));
  const ends = [
    value_ms,
    standardDeviation(ranges.map(([low]) => low)),
    standardDeviation(ranges.map(([, high]) => high)),
  ];
  return { value_ms, range_ms: [Math.min(...ends), Math.max(...ends)], label: null };
}
