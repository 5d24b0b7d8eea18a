import { ascending, quantile } from "../../src/analysis/quantile.ts";
import { fixed, NONE } from "../../src/reporters/format.ts";

/** `250 / 263 / 281`: median, 95th percentile and the largest. */
export const medianP95Max = (values: readonly number[], decimals = 0): string => {
  if (values.length === 0) return NONE;
  const sorted = ascending(values);
  return [0.5, 0.95, 1].map((p) => fixed(quantile(sorted, p), decimals)).join(" / ");
};

export const count = (value: number): string => value.toLocaleString("en");
