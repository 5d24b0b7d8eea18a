import type { RangeMs } from "../base/interval.ts";
import { middleMs } from "../base/interval.ts";
import type { MeasureValues } from "../model/contrast.ts";
import type { DurationMeasure } from "../model/experiment.ts";
import type { MeasuredTrial } from "./analyse-trial.ts";
import type { Observation } from "./statistics/kaplan-meier.ts";
import { boundsOf, isWhole } from "./trial-bounds.ts";

/**
 * What valid trials say of one measure, for everything that counts censored trials in. Recovered: its interval, where the
 * measure was seen. No outage: at most as long as one that no attempt shows. Censored: longer than its bound, or the phase
 * itself where that was seen; a phase that was not seen has no bound and says nothing. Void, refused, interrupted: nothing.
 */
export function measureValues(
  trials: readonly MeasuredTrial[],
  measure: DurationMeasure,
): MeasureValues {
  const ranges = trials.flatMap((trial) => rangeOf(trial, measure));
  return {
    values_ms: ranges.filter(isSeen),
    longer_than_ms: ranges.filter((range) => !isSeen(range)).map(([low]) => low),
  };
}

const isSeen = ([, high]: RangeMs): boolean => Number.isFinite(high);

function rangeOf(trial: MeasuredTrial, measure: DurationMeasure): readonly RangeMs[] {
  const seen = trial.durations_ms[measure];
  const whole = isWhole(measure);
  switch (trial.outcome.kind) {
    case "recovered":
      return seen === null ? [] : [seen];
    case "censored":
      return seen !== null || whole ? [boundsOf(trial, measure)] : [];
    case "no-outage":
      return whole && trial.outcome.shorter_than_ms !== null ? [boundsOf(trial, measure)] : [];
    case "void":
    case "refused":
    case "interrupted":
      return [];
  }
}

/** Which number stands for an interval. */
export type Reading = (range: RangeMs) => number;

export const readings = {
  middle: middleMs,
  low: ([low]: RangeMs): number => low,
  high: ([, high]: RangeMs): number => high,
} as const satisfies Readonly<Record<string, Reading>>;

/** A bound is a bound, however the intervals are read. */
export const observed = (values: MeasureValues, reading: Reading): readonly Observation[] => [
  ...values.values_ms.map((range) => ({ time: reading(range), seen: true })),
  ...values.longer_than_ms.map((time) => ({ time, seen: false })),
];
