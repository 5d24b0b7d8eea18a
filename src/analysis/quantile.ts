import { assert, present } from "../base/assert.ts";
import type { StatisticName } from "../model/experiment.ts";

/** Statistics of plain numbers. */

/**
 * R-7, the default of R, NumPy and Excel: linear interpolation between the order statistics around (n - 1) p.
 * Hyndman and Fan, Sample Quantiles in Statistical Packages, 1996, definition 7.
 * `sorted` ascends and is not empty; it may end in infinities.
 */
export function quantile(sorted: ArrayLike<number>, p: number): number {
  const position = (sorted.length - 1) * p;
  const below = Math.floor(position);
  const low = present(sorted[below], "the order statistic");
  const weight = position - below;
  if (weight === 0) return low;
  const high = present(sorted[below + 1], "the next order statistic");
  return low === high ? low : low + weight * (high - low);
}

export const ascending = (values: readonly number[]): readonly number[] =>
  values.toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));

export const median = (values: readonly number[]): number => quantile(ascending(values), 0.5);

export const mean = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / values.length;

/** Sample standard deviation (n - 1); needs two values. */
export function standardDeviation(values: readonly number[]): number {
  assert(values.length > 1, "a standard deviation of fewer than two values was asked for");
  const centre = mean(values);
  const squares = values.map((value) => (value - centre) ** 2);
  return Math.sqrt(squares.reduce((total, square) => total + square, 0) / (values.length - 1));
}

/** As many trials as it takes for the largest to lie above the true percentile with 95 % certainty: 1 - 0.9^29, 1 - 0.95^59. */
const FEWEST: Readonly<Partial<Record<StatisticName, number>>> = { p90: 29, p95: 59 };

/** "largest of 10" where so few trials say no more of a percentile than their largest does; null elsewhere. */
export const labelOf = (name: StatisticName, n: number): string | null =>
  n < (FEWEST[name] ?? 0) ? `largest of ${n}` : null;

function percentile(name: "p90" | "p95", sorted: readonly number[]): number {
  const tooFew = labelOf(name, sorted.length) !== null;
  return quantile(sorted, tooFew ? 1 : name === "p90" ? 0.9 : 0.95);
}

/**
 * A statistic that a rule can be about; `values` is not empty. Each of them grows, or stays, when one of its values
 * does, so that from lower and upper ends of all values follow those of the statistic. Infinite values are allowed.
 */
export function statistic(name: StatisticName, values: readonly number[]): number {
  switch (name) {
    case "mean":
      return mean(values);
    case "min":
      return quantile(ascending(values), 0);
    case "median":
      return quantile(ascending(values), 0.5);
    case "p90":
    case "p95":
      return percentile(name, ascending(values));
    case "max":
      return quantile(ascending(values), 1);
  }
}
