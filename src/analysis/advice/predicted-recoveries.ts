import { present } from "../../base/assert.ts";
import type { Random } from "../../contracts/random.ts";
import type { Timing } from "../../model/survey.ts";
import type { PredictedArm, Scene } from "../prediction/arm-scenes.ts";
import { scenesOf } from "../prediction/arm-scenes.ts";
import { mean } from "../quantile.ts";

/** A tenth of them on either side still tells where the spread ends. */
const FAILOVERS = 40;

/** Recoveries of an arm as its trials would show them, by the twin, one kill after the other: milliseconds. Null: it cannot tell. */
export function predictedRecoveries(
  arm: PredictedArm,
  timing: Timing,
  random: Random,
): readonly number[] | null {
  const scenes = scenesOf(arm, timing);
  if (scenes.length === 0) return null;
  return Array.from({ length: FAILOVERS }, (_, index) => {
    const trial = random.fork(`trial ${index}`);
    const { play } = sceneOf(scenes, timing, trial);
    return mean(play(trial).map(({ recovery_ms }) => recovery_ms));
  });
}

/** Where the placement leaves it open, any node is as likely as another. */
function sceneOf(scenes: readonly Scene[], timing: Timing, random: Random): Scene {
  const nodes = timing.kind === "proxmox" ? timing.settings.nodes : 1;
  const last = scenes.length > 1 && random.fork("victim").next() < 1 / nodes;
  return present(last ? scenes.at(-1) : scenes[0], "a scene");
}
