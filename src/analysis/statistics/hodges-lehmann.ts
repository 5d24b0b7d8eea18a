import { present } from "../../base/assert.ts";
import type { RangeMs } from "../../base/interval.ts";
import { quantile } from "../quantile.ts";
import { Z_95 } from "./normal.ts";
import { MOST_EXACT, waysToSum } from "./rank-sum.ts";

/** Half of what a 95 % interval leaves outside. */
const TAIL = 0.025;

/** By how much one side lies above the other: the median of all differences between a value of each (Hodges and Lehmann, 1963). */
export const hodgesLehmann = (one: readonly number[], other: readonly number[]): number =>
  quantile(ascendingDifferences(one, other), 0.5);

/**
 * Its distribution-free interval of at least 95 %: from the k-th smallest to the k-th largest difference (Hollander and
 * Wolfe, Nonparametric Statistical Methods, section 4.3; R's `wilcox.test(conf.int = TRUE)`). Null where so few
 * values allow none, as 3 against 3. Infinite values are allowed, so long as no difference is of two of a sign.
 */
export function shiftInterval(one: readonly number[], other: readonly number[]): RangeMs | null {
  const k = criticalRank(one.length, other.length);
  if (k < 1) return null;
  const sorted = ascendingDifferences(one, other);
  const at = (rank: number): number => present(sorted[rank - 1], "a difference");
  return [at(k), at(sorted.length + 1 - k)];
}

/** Of 500 against 500 there are 250,000: an array of plain numbers sorts them ten times as fast. */
function ascendingDifferences(one: readonly number[], other: readonly number[]): Float64Array {
  const all = new Float64Array(one.length * other.length);
  let at = 0;
  for (const value of one) for (const against of other) all[at++] = value - against;
  return all.toSorted();
}

/** The largest k with P(U < k) at most 2.5 %: exact up to 60 values, by the normal distribution beyond. */
export function criticalRank(n: number, m: number): number {
  const pairs = n * m;
  if (n + m > MOST_EXACT) {
    return Math.floor(pairs / 2 - Z_95 * Math.sqrt((pairs * (n + m + 1)) / 12));
  }
  const ways = waysToSum(
    Array.from({ length: n + m }, (_, index) => index + 1),
    n,
  );
  const all = ways.reduce((sum, count) => sum + count, 0);
  const least = (n * (n + 1)) / 2;
  let below = 0;
  for (let u = 0; u <= pairs; u++) {
    below += ways[least + u] ?? 0;
    if (below / all > TAIL) return u;
  }
  return 0;
}
