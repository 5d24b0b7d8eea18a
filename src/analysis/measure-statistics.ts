import type { RangeMs } from "../base/interval.ts";
import { recordOf } from "../base/record-of.ts";
import type { DurationMeasure, StatisticName } from "../model/experiment.ts";
import { statisticNames } from "../model/experiment.ts";
import type { MeasureStatistics, StatisticValue } from "../model/run-report.ts";
import type { TrialResult } from "../model/trial-result.ts";
import { measureValues, readings } from "./measure-values.ts";
import { labelOf, standardDeviation, statistic } from "./quantile.ts";
import { medianInterval } from "./statistics/median-interval.ts";
import { survival } from "./survival.ts";

/**
 * One measure over the recovered trials of one arm. A trial stands in by the middle of its interval. Censored trials
 * are counted and never averaged; Kaplan-Meier's estimate beside it counts them in.
 */
export function measureStatistics(
  trials: readonly TrialResult[],
  measure: DurationMeasure,
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
    median_interval_ms: outerInterval(ranges, medianInterval),
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

/** From the lower end of the interval for all lower ends to the upper end of that for all upper ends. */
export function outerInterval(
  ranges: readonly RangeMs[],
  intervalOf: (values: readonly number[]) => RangeMs | null,
): RangeMs | null {
  const low = intervalOf(ranges.map(readings.low));
  const high = intervalOf(ranges.map(readings.high));
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

/** It need not grow with its values. The triangle inequality tells how far errors of half a width each can move it. */
function deviationOf(ranges: readonly RangeMs[]): StatisticValue {
  const value_ms = standardDeviation(ranges.map(readings.middle));
  const squares = ranges.reduce((sum, [low, high]) => sum + ((high - low) / 2) ** 2, 0);
  const error_ms = Math.sqrt(squares / (ranges.length - 1));
  const range_ms = [Math.max(0, value_ms - error_ms), value_ms + error_ms] as const;
  return { value_ms, range_ms, label: null };
}
