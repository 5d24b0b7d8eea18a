import type { Random } from "../../contracts/random.ts";
import type { FaultSpec } from "../../model/fault-spec.ts";
import type { Timing } from "../../model/survey.ts";
import type { PredictedArm } from "./arm-scenes.ts";
import { scenesOf, whyNotPlayed } from "./arm-scenes.ts";
import { FAILOVERS, rangeInWords } from "./in-words.ts";
import { predict } from "./played.ts";

/** When an arm's desktop would answer again, by the twin from the timers of its cluster: for people, before a run. */
export function predictArm(arm: PredictedArm, timing: Timing, random: Random): string {
  const why = whyNotPlayed(arm, timing);
  if (why !== null) return `nothing: ${why}`;
  const scenes = scenesOf(arm, timing);
  const [usual = "", worse] = scenes.map(({ play, name }) => {
    const range = rangeInWords(predict(play, random, FAILOVERS).recovery_ms);
    return name === "the CRM master is hit" ? `${range} if the CRM master is hit` : range;
  });
  const back = worse === undefined ? usual : `${usual} (${worse})`;
  return `by the twin, from the cluster's timers: back ${back} after the fault${unlessBack(arm.fault)}`;
}

/** A machine that boots again by itself may be back before its cluster has given it up. */
export const unlessBack = (fault: FaultSpec): string =>
  (fault.kind === "power" && fault.action === "cycle") ||
  (fault.kind === "sysrq" && fault.key !== "o") ||
  (fault.kind === "command" && fault.leaves === "rebooting")
    ? ", unless the node is back sooner"
    : "";
