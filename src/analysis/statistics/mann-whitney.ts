import { upperTail } from "./normal.ts";
import { MOST_EXACT, doubledRanks, waysToSum } from "./rank-sum.ts";

export interface MannWhitney {
  /** How many pairs have the first side's value above the other's; a tie counts half. */
  readonly u: number;
  /** Two-sided. */
  readonly p: number;
  /** Counted over all ways to share out the ranks, or approximated. */
  readonly method: "exact" | "normal";
}

/**
 * Whether values of one side tend to lie above those of the other (Mann and Whitney, 1947). Up to 60 values p is exact,
 * with ties over the shared ranks that were seen: the share of all ways to divide them whose rank sum lies as far
 * from its expectation. Beyond 60 it is `normalApproximation`. Neither side may be empty.
 */
export function mannWhitney(one: readonly number[], other: readonly number[]): MannWhitney {
  const ranks = doubledRanks([...one, ...other]);
  const doubledSum = ranks.slice(0, one.length).reduce((sum, rank) => sum + rank, 0);
  const u = (doubledSum - one.length * (one.length + 1)) / 2;
  return ranks.length <= MOST_EXACT
    ? { u, p: exact(ranks, one.length, doubledSum), method: "exact" }
    : { u, p: normalApproximation(one, other, u), method: "normal" };
}

function exact(ranks: readonly number[], size: number, doubledSum: number): number {
  const ways = waysToSum(ranks, size);
  const expected = size * (ranks.length + 1);
  const distance = Math.abs(doubledSum - expected);
  let [all, asFar] = [0, 0];
  for (const [sum, count] of ways.entries()) {
    all += count;
    if (Math.abs(sum - expected) >= distance) asFar += count;
  }
  return asFar / all;
}

/**
 * Two-sided p of a U by the normal distribution, with continuity and tie correction (Lehmann, Nonparametrics, 1975,
 * section 1.4).
 */
export function normalApproximation(
  one: readonly number[],
  other: readonly number[],
  u: number,
): number {
  const [n, m] = [one.length, other.length];
  const total = n + m;
  const ties = tieSizes([...one, ...other]).reduce((sum, size) => sum + size ** 3 - size, 0);
  const variance = ((n * m) / 12) * (total + 1 - ties / (total * (total - 1)));
  if (variance === 0) return 1;
  const distance = Math.max(0, Math.abs(u - (n * m) / 2) - 0.5);
  return 2 * upperTail(distance / Math.sqrt(variance));
}

function tieSizes(values: readonly number[]): readonly number[] {
  const sizes = new Map<number, number>();
  for (const value of values) sizes.set(value, (sizes.get(value) ?? 0) + 1);
  return [...sizes.values()];
}
