import type {
  ArmSettings,
  Baseline,
  BaselineArm,
  ComparedArm,
  Comparison,
} from "../../model/baseline.ts";
import { settingNames } from "../../model/baseline.ts";
import type { DurationMeasure } from "../../model/experiment.ts";
import { contrast } from "./contrast.ts";
import { isSameShare } from "./master-share.ts";

/** An arm of the run and the one it is held against. */
export interface ArmPair {
  readonly own: BaselineArm;
  readonly other: BaselineArm;
}

/** Holds the paired arms of a run against those of another. Nothing is called alike that is not: settings that differ are listed. */
export function compareRuns(
  run: Baseline,
  against: Baseline,
  pairs: readonly ArmPair[],
  measures: readonly DurationMeasure[],
): Comparison {
  return {
    format: 1,
    run: run.run,
    against: against.run,
    arms: pairs.map((pair) => comparedArm(pair, measures)),
    unmatched: [
      ...without(
        run,
        pairs.map(({ own }) => own),
      ),
      ...without(
        against,
        pairs.map(({ other }) => other),
      ),
    ],
  };
}

const without = (
  { run, arms }: Baseline,
  matched: readonly BaselineArm[],
): Comparison["unmatched"] =>
  arms.filter((arm) => !matched.includes(arm)).map(({ name }) => ({ run, arm: name }));

const comparedArm = (
  { own, other }: ArmPair,
  measures: readonly DurationMeasure[],
): ComparedArm => ({
  arm: own.name,
  against: other.name,
  measures: measures.map((measure) =>
    contrast(measure, own.measures[measure], other.measures[measure]),
  ),
  without_result: [own.without_result, other.without_result],
  unlike: unlikeSettings(own.settings, other.settings),
});

const unlikeSettings = (own: ArmSettings, other: ArmSettings): ComparedArm["unlike"] =>
  settingNames
    .filter((setting) => !isAlike(setting, own[setting], other[setting]))
    .map((setting) => ({ setting, own: own[setting], other: other[setting] }));

const isAlike = (setting: keyof ArmSettings, own: string | null, other: string | null): boolean =>
  setting === "crm_master_killed" ? isSameShare(own, other) : own === other;
