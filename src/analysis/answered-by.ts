import type { AnsweredBy } from "../model/run-report.ts";
import type { TrialResult } from "../model/trial-result.ts";
import { medianOf } from "./median-of.ts";

/** An arm's recovered trials by who answers then: an instance that comes back is no failover, and is told apart from those. */
export const answeredBy = (trials: readonly TrialResult[]): readonly AnsweredBy[] =>
  (["new", "same", "unknown"] as const).flatMap((instance) => {
    const own = trials.filter(
      ({ outcome }) => outcome.kind === "recovered" && outcome.instance === instance,
    );
    const recoveries = own.flatMap(({ durations_ms: { recovery } }) =>
      recovery === null ? [] : [recovery],
    );
    return own.length === 0
      ? []
      : [{ instance, trials: own.length, median_ms: medianOf(recoveries) }];
  });
