import { setImmediate } from "node:timers/promises";
import type { Played } from "../analysis/prediction/played.ts";
import { draws, predictionFrom } from "../analysis/prediction/played.ts";
import type { KnownOfTrial } from "../analysis/prediction/predict-trial.ts";
import {
  FAILOVERS_OF_TRIAL,
  playTrial,
  renewalCounted,
} from "../analysis/prediction/predict-trial.ts";
import { statedTiming } from "../analysis/prediction/stated-timing.ts";
import { predictionRandom } from "../analysis/prediction/trial-prediction.ts";
import type { Predict } from "../contracts/predict.ts";
import type { Inventory } from "../model/inventory.ts";
import type { LabSpec } from "../model/lab.ts";
import { clusterNamed } from "./wire.ts";

/** Some milliseconds of work: the probe's attempts must not start late for it. */
const FAILOVERS_AT_ONCE = 4;

/** Predicts a trial while others go on: between small pieces of work everybody else has a turn. */
export const predicting =
  (inventory: Inventory, lab: LabSpec | null): Predict =>
  async ({ arm, victim, timers, renewals, killed_ms }, signal) => {
    const known: KnownOfTrial = {
      timing: statedTiming(clusterNamed(inventory, arm.cluster), lab),
      desktop: arm.desktop,
      fault: arm.fault,
      victim,
      timers,
      events: renewals,
      killed: killed_ms,
    };
    const play = playTrial(known);
    if (typeof play === "string") return play;
    const played: (readonly Played[])[] = [];
    while (played.length < FAILOVERS_OF_TRIAL) {
      if (played.length % FAILOVERS_AT_ONCE === 0) await setImmediate();
      signal.throwIfAborted();
      played.push(play(draws(predictionRandom, played.length)));
    }
    return { prediction: predictionFrom(played), renewed_ms: renewalCounted(known) };
  };
