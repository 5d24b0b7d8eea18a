const CONFIDENCE = 0.95;

/** Of fewer the median has no 95 % interval: the least and the largest of five hold it with 1 - 2 / 2^5, which is 93.8 %. */
export const FEWEST_FOR_MEDIAN = 6;

/**
 * Where the 95 % interval of a median of `n` values begins, as a rank counted from one; it ends as far from the largest. Between two
 * order statistics, so that the confidence is neither more nor less (Hettmansperger and Sheather, Confidence intervals based
 * on interpolated order statistics, 1986). Null below six values: their least and largest hold the median with less.
 */
export function medianRank(n: number): number | null {
  // P(exactly `k` of `n` lie below the median), as a logarithm: that of none is no number any more above a thousand.
  let [k, logWays, inside] = [0, n * Math.log(0.5), 1];
  let next = inside - 2 * Math.exp(logWays);
  while (next >= CONFIDENCE) {
    [k, logWays, inside] = [k + 1, logWays + Math.log((n - k) / (k + 1)), next];
    next = inside - 2 * Math.exp(logWays);
  }
  if (k === 0) return null;
  const share = (inside - CONFIDENCE) / (inside - next);
  return k + ((n - k) * share) / (k + (n - 2 * k) * share);
}
