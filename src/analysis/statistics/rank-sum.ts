import { present } from "../../base/assert.ts";

/** So many values on both sides together have their distribution counted; beyond, the normal one is as good. */
export const MOST_EXACT = 60;

/**
 * How many of all ways to choose `size` of the whole numbers `scores` have each sum: the null distribution of a rank sum,
 * ties or not. Streitberg and Röhmel's shift algorithm (Exact distributions for permutation and rank tests, 1986);
 * without ties it is the recursion of Mann and Whitney (1947).
 */
export function waysToSum(scores: readonly number[], size: number): Float64Array {
  const total = scores.reduce((sum, score) => sum + score, 0);
  const ways = Array.from({ length: size + 1 }, () => new Float64Array(total + 1));
  present(ways[0], "the empty choice")[0] = 1;
  for (const score of scores) {
    for (let chosen = size; chosen > 0; chosen--) {
      const [into, from] = [present(ways[chosen], "a size"), present(ways[chosen - 1], "a size")];
      for (let sum = total; sum >= score; sum--) {
        into[sum] = (into[sum] ?? 0) + (from[sum - score] ?? 0);
      }
    }
  }
  return present(ways[size], "the size");
}

/** Twice the rank of each value, so that ranks which ties share are whole numbers too. Ranks count from one. */
export function doubledRanks(values: readonly number[]): readonly number[] {
  return values.map((value) => {
    const below = values.filter((each) => each < value).length;
    const equal = values.filter((each) => each === value).length;
    return 2 * below + equal + 1;
  });
}
