import { besidesRecoveryMs } from "../analysis/advice/advise.ts";
import { scenesOf } from "../analysis/prediction/arm-scenes.ts";
import { predict } from "../analysis/prediction/played.ts";
import { statedTiming } from "../analysis/prediction/stated-timing.ts";
import type { RangeMs } from "../base/interval.ts";
import { recordOf } from "../base/record-of.ts";
import type { Random } from "../contracts/random.ts";
import type { Arm } from "../model/experiment.ts";
import { phases } from "../model/experiment.ts";
import type { Cluster } from "../model/inventory.ts";
import type { LabSpec } from "../model/lab.ts";
import type { ExpectedTrial } from "./live-event.ts";

/** A fifth of what `predict` plays: a range to look at while the trial's own prediction is not there yet. */
const FAILOVERS = 40;

/** How an arm's trials will go, by the twin from what the inventory states. Null: it plays no such fault. */
export function expectedTrial(
  arm: Arm,
  cluster: Cluster,
  { lab, random }: { readonly lab: LabSpec | null; readonly random: Random },
): ExpectedTrial | null {
  const timing = statedTiming(cluster, lab);
  const played = scenesOf(arm, timing).map(({ play }) => predict(play, random, FAILOVERS));
  const recovery_ms = hull(played.map((each) => each.recovery_ms));
  if (recovery_ms === null) return null;
  const besides = besidesRecoveryMs(timing);
  return {
    recovery_ms,
    phases_ms: recordOf(phases, (phase) => hull(played.map(({ phases_ms }) => phases_ms[phase]))),
    trial_ms: [recovery_ms[0] + besides, recovery_ms[1] + besides],
  };
}

/** Null where there are none, or one is not known. */
function hull(ranges: readonly (RangeMs | null)[]): RangeMs | null {
  const known = ranges.filter((range) => range !== null);
  if (known.length === 0 || known.length < ranges.length) return null;
  return [Math.min(...known.map(([low]) => low)), Math.max(...known.map(([, high]) => high))];
}
