import type { KaplanMeier, SurvivalPoint, SurvivalQuantile } from "../model/run-report.ts";
import type { MeasureValues } from "../model/contrast.ts";
import type { Reading } from "./measure-values.ts";
import { observed, readings } from "./measure-values.ts";
import type { SurvivalStep } from "./statistics/kaplan-meier.ts";
import { kaplanMeier, quantileInterval, survivalQuantile } from "./statistics/kaplan-meier.ts";
import { FEWEST_FOR_MEDIAN } from "./statistics/median-rank.ts";

const QUANTILES = { median: 0.5, p90: 0.9 } as const;

/**
 * Quantiles that count censored trials in; null where none is censored, as the ordinary statistics say it all then. Each is
 * computed on the middles of the trials' intervals; its own interval begins where that of all lower ends does, and stops where that
 * of all upper ends does. Below six trials it has no ends.
 */
export function survival(values: MeasureValues): KaplanMeier | null {
  if (values.longer_than_ms.length === 0) return null;
  const curve = (reading: Reading): readonly SurvivalStep[] =>
    kaplanMeier(observed(values, reading));
  const curves = {
    middle: curve(readings.middle),
    low: curve(readings.low),
    high: curve(readings.high),
  };
  const n = values.values_ms.length + values.longer_than_ms.length;
  const quantile = (p: number): SurvivalQuantile => ({
    value_ms: survivalQuantile(curves.middle, p),
    interval_ms:
      n < FEWEST_FOR_MEDIAN
        ? [null, null]
        : [quantileInterval(curves.low, p)[0], quantileInterval(curves.high, p)[1]],
  });
  return {
    n,
    median: quantile(QUANTILES.median),
    p90: quantile(QUANTILES.p90),
  };
}

/** The curve itself, on the middles of the trials' intervals. */
export const survivalPoints = (values: MeasureValues): readonly SurvivalPoint[] =>
  kaplanMeier(observed(values, readings.middle)).map(({ time, survival: share, band }) => ({
    time_ms: time,
    survival: share,
    band,
  }));
