import type { Bulk } from "../model/run-report.ts";
import type { TrialResult } from "../model/trial-result.ts";
import { readings } from "./measure-values.ts";
import { rangesOf } from "./measure-statistics.ts";
import { ascending } from "./quantile.ts";

const SHARE = 0.9;

/** The shortest range that holds nine of ten recoveries, by their middles: of several as short ones the lowest. */
export function bulkOf(trials: readonly TrialResult[]): Bulk | null {
  const middles = ascending(rangesOf(trials, "recovery").map(readings.middle));
  const held = middles.length < 10 ? middles.length : Math.ceil(SHARE * middles.length);
  const ranges = middles.flatMap((low, index) => {
    const high = middles[index + held - 1];
    return high === undefined ? [] : [[low, high] as const];
  });
  const [shortest] = ranges.toSorted(([a, b], [c, d]) => b - a - (d - c));
  return shortest === undefined ? null : { trials: held, of: middles.length, range_ms: shortest };
}
