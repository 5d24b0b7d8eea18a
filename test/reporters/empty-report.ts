import type { RunReport } from "../../src/model/run-report.ts";
import { fakeReport } from "../support/fake-report.ts";

/** A run that died before its first trial. */
export function emptyReport(): RunReport {
  const full = fakeReport();
  return {
    ...full,
    started_wall: null,
    ended_wall: null,
    end: null,
    trials: [],
    clock: null,
    comparisons: [],
    contrasts: [],
    hypotheses: [],
    assumptions: [],
    clusters: [],
    downgrades: [],
    overrides: [],
    verdict: { name: "inconclusive", why: "No trial took place.", rules: [] },
    arms: full.arms.map((arm) => ({
      ...arm,
      outcomes: {
        recovered: 0,
        "no-outage": 0,
        censored: 0,
        void: 0,
        refused: 0,
        interrupted: 0,
        missing: 10,
      },
      bulk: null,
      survival: [],
      waits: [],
      statistics: arm.statistics.map((each) => ({
        ...each,
        n: 0,
        censored: 0,
        values_ms: { min: null, median: null, mean: null, p90: null, p95: null, max: null },
        sd_ms: null,
        median_interval_ms: null,
        kaplan_meier: null,
      })),
      answered_by: [],
      spells: [],
      reference:
        arm.reference === null
          ? null
          : { ...arm.reference, shift_ms: null, shift_interval_ms: null, ecdf_distance: null },
    })),
  };
}
