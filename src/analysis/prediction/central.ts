import type { RangeMs } from "../../base/interval.ts";
import { present } from "../../base/assert.ts";
import { ascending } from "../quantile.ts";

const LEFT_OUT = 0.05;

/**
 * The central 95 % of what was played: between two order statistics as far from the ends as they may be while the next
 * failover of the same kind still lies between them, or on them, with at least 95 % (Wilks 1941). Of fewer than 40 all.
 * `values` is not empty.
 */
export function central(values: readonly number[]): RangeMs {
  const sorted = ascending(values);
  const skipped = Math.max(0, Math.floor((LEFT_OUT / 2) * (sorted.length + 1)) - 1);
  return [
    present(sorted[skipped], "the lower end"),
    present(sorted[sorted.length - 1 - skipped], "the upper end"),
  ];
}
