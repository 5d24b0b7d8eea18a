import type { RunReport } from "../../src/model/run-report.ts";
import { fakeReport, hostile } from "../support/fake-report.ts";

/**
 * A report in which every text is spoilt, but for the words that our own code chose from a list. `spoil` gives equal texts
 * for equal ones, so that trials still belong to their arms.
 */
export function hostileReport(
  spoil: (text: string) => string = (text) => text + hostile,
): RunReport {
  const report = { ...fakeReport(), downgrades: ["TLS of bmc-pve2 is not verified"] };
  return JSON.parse(JSON.stringify({ ...report, end: "failed" }), (key, value: unknown) =>
    typeof value === "string" && !isOurs(key, value) ? spoil(value) : value,
  ) as RunReport;
}

const isOurs = (key: string, value: string): boolean =>
  ourKeys.has(key) || ourWords.get(key)?.includes(value) === true;

/** Keys of nothing but our own words. */
const ourKeys = new Set([
  "kind",
  "measure",
  "cluster_kind",
  "end",
  "depth",
  "of",
  "phase",
  "placed",
  "how",
  "over",
]);

/** Our own words beneath keys that others have too: a verdict's name, an outcome's instance. */
const ourWords = new Map([
  ["name", ["pass", "fail", "inconclusive", "mann-whitney", "log-rank"]],
  ["verdict", ["faster", "slower", "no-evidence"]],
  ["method", ["exact", "normal", "chi-squared"]],
  ["source", ["cluster", "inventory"]],
  ["instance", ["new", "same", "unknown"]],
]);
