import { trialColumns, trialRows } from "./columns/trial-columns.ts";
import { cellsOf, csvText, headerOf } from "./csv-text.ts";
import type { Reporter } from "./reporter.ts";

/** One row per trial, tidy. */
export const trialsCsv: Reporter = ({ report }) => {
  const rows = trialRows(report).map((row) => cellsOf(trialColumns, row));
  return [{ path: "trials.csv", content: csvText([headerOf(trialColumns), ...rows]) }];
};
