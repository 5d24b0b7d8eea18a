import { present } from "../../base/assert.ts";

/** In how many of so many it was so. */
export interface Share {
  readonly hits: number;
  readonly of: number;
}

/** What is as likely as what was seen may differ from it in its last bits; R's `fisher.test` allows as much. */
const SAME = 1 + 1e-7;

/**
 * Fisher's exact test of two shares, two-sided: how often chance alone deals the hits of both out in a way that is no likelier
 * than what was seen (Fisher, The Logic of Inductive Inference, 1935).
 */
export function fisherExact(one: Share, other: Share): number {
  const hits = one.hits + other.hits;
  const [fewest, most] = [Math.max(0, hits - other.of), Math.min(hits, one.of)];
  // Of the hypergeometric distribution, each by the one before; as logarithms, since a thousand trials leave the numbers.
  const logs = [0];
  for (let at = fewest; at < most; at++) {
    const more = ((one.of - at) * (hits - at)) / ((at + 1) * (other.of - hits + at + 1));
    logs.push(present(logs.at(-1), "a chance") + Math.log(more));
  }
  const largest = Math.max(...logs);
  const chances = logs.map((log) => Math.exp(log - largest));
  const seen = SAME * present(chances[one.hits - fewest], "what was seen");
  return total(chances.filter((chance) => chance <= seen)) / total(chances);
}

const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);
