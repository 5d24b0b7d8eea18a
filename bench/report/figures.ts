import { ascending, quantile } from "../../src/analysis/quantile.ts";
import { fixed, NONE } from "../../src/reporters/format.ts";

/** `250 / 263 / 281`: median, 95th percentile and the largest. */
export const medianP95Max = (values: readonly number[], decimals = 0): string =>
  quantiles([0.5, 0.95, 1], values, decimals);

/** `-4.1 / -2.0 / 0.3`: what lies in the middle, and what nine of ten lie between. */
export const middleNineTenths = (values: readonly number[], decimals: number): string =>
  quantiles([0.05, 0.5, 0.95], values, decimals);

function quantiles(ps: readonly number[], values: readonly number[], decimals: number): string {
  if (values.length === 0) return NONE;
  const sorted = ascending(values);
  return ps.map((p) => fixed(quantile(sorted, p), decimals)).join(" / ");
}

export const count = (value: number): string => value.toLocaleString("en");
