import { compareRuns } from "../analysis/comparison/compare-runs.ts";
import type { Baseline, Comparison } from "../model/baseline.ts";
import type { DurationMeasure } from "../model/experiment.ts";
import { armPairs } from "./arm-pairs.ts";
import { readSide } from "./read-side.ts";

/** Two runs, or a run and a baseline, and how they differ. */
export interface Compared {
  readonly own: Baseline;
  readonly other: Baseline;
  readonly comparison: Comparison;
}

/** What a user sees of a failover; its phases are for explaining. */
const MEASURES: readonly DurationMeasure[] = ["recovery", "outage"];

/** Holds a run against another. `arms` as `--arm` has them; none: all that have one name in both. */
export async function compared(
  run: string,
  against: string,
  arms: readonly string[] = [],
  measures = MEASURES,
): Promise<Compared> {
  const [own, other] = await Promise.all([readSide(run), readSide(against)]);
  const comparison = compareRuns(own, other, armPairs(own, other, arms), measures);
  // Arms that were left out by name are not missed.
  return {
    own,
    other,
    comparison: arms.length === 0 ? comparison : { ...comparison, unmatched: [] },
  };
}
