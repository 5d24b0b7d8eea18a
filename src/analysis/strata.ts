import type { Stratum } from "../model/run-report.ts";
import type { TrialResult } from "../model/trial-result.ts";
import { measureStatistics } from "./measure-statistics.ts";
import { isValid } from "./trial-bounds.ts";

/**
 * Trials that differ in what is known to change their length, apart: with the CRM master another lock has to expire. Empty
 * where all are of one kind, so that there is nothing to tell apart.
 */
export function strata(trials: readonly TrialResult[]): readonly Stratum[] {
  const valid = trials.filter(isValid);
  const parts = [
    { name: "CRM master killed", trials: valid.filter((each) => each.victim_was_master === true) },
    {
      name: "CRM master not killed",
      trials: valid.filter((each) => each.victim_was_master === false),
    },
  ];
  if (parts.some((part) => part.trials.length === 0)) return [];
  return parts.map((part) => ({
    name: part.name,
    trials: part.trials.length,
    statistics: (["recovery", "outage"] as const).map((measure) =>
      measureStatistics(part.trials, measure),
    ),
  }));
}
