import { ascending, quantile } from "../../src/analysis/quantile.ts";
import type { Spread } from "../report/results.ts";

/** `values` is not empty. */
export function spreadOf(values: readonly number[]): Spread {
  const sorted = ascending(values);
  return { p50: quantile(sorted, 0.5), p99: quantile(sorted, 0.99), max: quantile(sorted, 1) };
}
