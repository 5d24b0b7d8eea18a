import { present } from "../../base/assert.ts";

/** So many ways to share values out are counted one by one: 10 against 10 have 184,756. */
const MOST_WAYS = 200_000;
/** Sums of the same scores in another order differ in their last bits. */
const SAME = 1e-9;

/**
 * How often chance alone puts the sum of the first `size` scores as far out, had any `size` of them been as likely to be
 * the first: twice the smaller tail, so that it holds for the side as well (Good, Permutation, Parametric and Bootstrap
 * Tests of Hypotheses, 2005). Null: there are too many ways to count.
 */
export function permutationP(scores: readonly number[], size: number): number | null {
  if (waysToChoose(size, scores.length) > MOST_WAYS) return null;
  const seen = scores.slice(0, size).reduce((sum, score) => sum + score, 0);
  let [all, below, above] = [0, 0, 0];
  const choose = (from: number, left: number, sum: number): void => {
    if (left === 0) {
      all++;
      if (sum <= seen + SAME) below++;
      if (sum >= seen - SAME) above++;
      return;
    }
    for (let index = from; index <= scores.length - left; index++) {
      choose(index + 1, left - 1, sum + present(scores[index], "a score"));
    }
  };
  choose(0, size, 0);
  return Math.min(1, (2 * Math.min(below, above)) / all);
}

function waysToChoose(size: number, count: number): number {
  let ways = 1;
  for (let each = 1; each <= size; each++) ways *= (count - size + each) / each;
  return ways;
}
