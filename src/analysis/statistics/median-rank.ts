const CONFIDENCE = 0.95;

/**
 * Where the 95 % interval of a median of `n` values begins, as a rank counted from one; it ends as far from the largest. Between two
 * order statistics, so that the confidence is neither more nor less (Hettmansperger and Sheather, Confidence intervals based
 * on interpolated order statistics, 1986). Null below six values: their least and largest hold the median with less.
 */
export function medianRank(n: number): number | null {
  let [k, inside] = [0, 1];
  let next = inside - 2 * halfWays(n, 0);
  while (next >= CONFIDENCE) {
    [k, inside] = [k + 1, next];
    next = inside - 2 * halfWays(n, k);
  }
  if (k === 0) return null;
  const share = (inside - CONFIDENCE) / (inside - next);
  return k + ((n - k) * share) / (k + (n - 2 * k) * share);
}

/** P(exactly `k` of `n` lie below the median). */
function halfWays(n: number, k: number): number {
  let probability = 0.5 ** n;
  for (let each = 0; each < k; each++) probability *= (n - each) / (each + 1);
  return probability;
}
