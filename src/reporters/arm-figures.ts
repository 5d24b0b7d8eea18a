import type { DurationMeasure } from "../model/experiment.ts";
import type { ArmReference, ArmReport, MeasureStatistics } from "../model/run-report.ts";
import {
  NONE,
  difference,
  differenceRange,
  seconds,
  secondsRange,
  statistic,
  withDeviation,
} from "./format.ts";
import { statisticsOf } from "./statistics-of.ts";

/** One arm's numbers of one measure as every format prints them: seconds, without the unit. */
export interface Figures {
  readonly median: string;
  /** As the thesis prints it: `134.5 ± 4.35`. */
  readonly medianWithDeviation: string;
  readonly mean: string;
  readonly meanWithDeviation: string;
  readonly min: string;
  readonly max: string;
  readonly p95: string;
  /** "largest of 10" where it is no more than that. */
  readonly p95Label: string | null;
  /** 95 % interval of the median. */
  readonly interval: string;
}

export function figuresOf(arm: ArmReport, measure: DurationMeasure): Figures {
  const statistics = statisticsOf(arm, measure);
  return statistics === null ? none : figures(statistics);
}

const none: Figures = {
  median: NONE,
  medianWithDeviation: NONE,
  mean: NONE,
  meanWithDeviation: NONE,
  min: NONE,
  max: NONE,
  p95: NONE,
  p95Label: null,
  interval: NONE,
};

export function figures({ values_ms, sd_ms, median_interval_ms }: MeasureStatistics): Figures {
  const deviation = sd_ms?.value_ms ?? null;
  const [median, mean] = [statistic(values_ms.median), statistic(values_ms.mean)];
  return {
    median,
    medianWithDeviation: withDeviation(median, deviation),
    mean,
    meanWithDeviation: withDeviation(mean, deviation),
    min: statistic(values_ms.min),
    max: statistic(values_ms.max),
    p95: statistic(values_ms.p95),
    p95Label: values_ms.p95?.label ?? null,
    interval: median_interval_ms === null ? NONE : secondsRange(median_interval_ms),
  };
}

/** The reference's numbers in the same form. */
export const referenceFigures = (reference: ArmReference): Figures => ({
  ...none,
  median: seconds(reference.median_ms),
  medianWithDeviation: withDeviation(seconds(reference.median_ms), reference.sd_ms),
  mean: seconds(reference.mean_ms),
  meanWithDeviation: withDeviation(seconds(reference.mean_ms), reference.sd_ms),
  min: seconds(reference.min_ms),
  max: seconds(reference.max_ms),
});

/** Measured median minus the reference's: `+12.6 s (+10.1 s .. +14.0 s)`. */
export function shiftWords({ shift_ms, shift_interval_ms }: ArmReference): string {
  if (shift_ms === null) return NONE;
  const interval = shift_interval_ms === null ? "" : ` (${differenceRange(shift_interval_ms)})`;
  return difference(shift_ms) + interval;
}
