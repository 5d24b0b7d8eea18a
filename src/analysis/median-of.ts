import type { RangeMs } from "../base/interval.ts";
import type { StatisticValue } from "../model/run-report.ts";
import { median } from "./quantile.ts";

/** The median of uncertain durations, with the range that their own errors leave it; null of none. */
export function medianOf(ranges: readonly RangeMs[]): StatisticValue | null {
  if (ranges.length === 0) return null;
  return {
    value_ms: median(ranges.map(([low, high]) => (low + high) / 2)),
    range_ms: [median(ranges.map(([low]) => low)), median(ranges.map(([, high]) => high))],
    label: null,
  };
}
