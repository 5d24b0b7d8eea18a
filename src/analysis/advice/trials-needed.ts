import { ascending } from "../quantile.ts";
import { FEWEST_FOR_MEDIAN, medianRank } from "../statistics/median-rank.ts";

/** More would take weeks; whoever wants that accuracy plans otherwise. */
export const MOST_TRIALS = 1000;

/** The fewest trials, each exact, that are expected to tell the median to within `within_ms`; null: 1000 are not enough. */
export function trialsNeeded(spread: readonly number[], within_ms: number): number | null {
  const enough = (n: number): boolean => (expectedReach(spread, n) ?? within_ms + 1) <= within_ms;
  if (!enough(MOST_TRIALS)) return null;
  let [few, many] = [FEWEST_FOR_MEDIAN - 1, MOST_TRIALS];
  while (many - few > 1) {
    const half = Math.floor((few + many) / 2);
    if (enough(half)) many = half;
    else few = half;
  }
  return many;
}

/**
 * How far to either side the 95 % interval of the median of `n` trials reaches on average, if each is exact and drawn from `spread`:
 * it runs from the r-th smallest of them to the r-th largest (`medianRank`), whose means the spread gives
 * exactly, whatever its shape. Null: so few have no interval.
 */
export function expectedReach(spread: readonly number[], n: number): number | null {
  const rank = medianRank(n);
  if (rank === null) return null;
  const low = meanOfRank(ascending(spread), n, rank);
  const high = -meanOfRank(ascending(spread.map((value) => -value)), n, rank);
  return (high - low) / 2;
}

/** The mean of what has that rank among `n` draws from `sorted`; a rank between two whole ones lies as far between both. */
function meanOfRank(sorted: readonly number[], n: number, rank: number): number {
  const below = Math.floor(rank);
  const weight = rank - below;
  let [reached, total] = [0, 0];
  for (const [index, value] of sorted.entries()) {
    const share = (index + 1) / sorted.length;
    const upTo = (1 - weight) * atLeast(below, n, share) + weight * atLeast(below + 1, n, share);
    total += value * (upTo - reached);
    reached = upTo;
  }
  return total;
}

/** P(at least `k` of `n` are hits), each with probability `p` above nought. In logarithms, as powers of a thousand are too small. */
function atLeast(k: number, n: number, p: number): number {
  if (p === 1) return 1;
  let [ways, total] = [0, 0];
  for (let hits = 0; hits <= n; hits++) {
    if (hits >= k) total += Math.exp(ways + hits * Math.log(p) + (n - hits) * Math.log(1 - p));
    ways += Math.log((n - hits) / (hits + 1));
  }
  return total;
}
