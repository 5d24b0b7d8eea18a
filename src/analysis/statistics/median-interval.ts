import type { RangeMs } from "../../base/interval.ts";
import { ascending, quantile } from "../quantile.ts";
import { medianRank } from "./median-rank.ts";

/**
 * Distribution-free 95 % interval of the median, between order statistics (`medianRank`); null below six values. A percentile
 * bootstrap, which lands on order statistics where their number is odd, holds the median of seven with 88 % only.
 */
export function medianInterval(values: readonly number[]): RangeMs | null {
  const rank = medianRank(values.length);
  if (rank === null) return null;
  const sorted = ascending(values);
  const share = (rank - 1) / (sorted.length - 1);
  return [quantile(sorted, share), quantile(sorted, 1 - share)];
}
