import type { ArmContrast } from "../../model/contrast.ts";
import type { Arm, DurationMeasure } from "../../model/experiment.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { measureValues } from "../measure-values.ts";
import { contrast } from "./contrast.ts";

/** What a user sees of a failover; its phases are for explaining. */
const MEASURES: readonly DurationMeasure[] = ["recovery", "outage"];

/** Up to so many arms are held against each other; of more, each against the first. */
const MOST_PAIRED = 4;

/**
 * The arms of one run against each other. Those whose desktops were watched to different depths are not comparable: one may
 * call a desktop back that the other would not.
 */
export function armContrasts(
  arms: readonly Arm[],
  trials: readonly TrialResult[],
): readonly ArmContrast[] {
  const own = (arm: Arm): readonly TrialResult[] =>
    trials.filter(({ arm: name }) => name === arm.name);
  return pairsOf(arms)
    .filter(([arm, against]) => arm.probe.depth === against.probe.depth)
    .map(([arm, against]) => ({
      arm: arm.name,
      against: against.name,
      measures: MEASURES.map((measure) =>
        contrast(measure, measureValues(own(arm), measure), measureValues(own(against), measure)),
      ).filter(({ n }) => Math.min(...n) > 0),
    }))
    .filter(({ measures }) => measures.length > 0);
}

function pairsOf(arms: readonly Arm[]): readonly (readonly [arm: Arm, against: Arm])[] {
  const firsts = arms.length <= MOST_PAIRED ? arms : arms.slice(0, 1);
  return firsts.flatMap((against, index) =>
    arms.slice(index + 1).map((arm) => [arm, against] as const),
  );
}
