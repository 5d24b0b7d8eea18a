import type { TrialPrediction } from "../model/trial-result.ts";
import { NONE, secondsRange } from "./format.ts";

/** `43.1 .. 49.9 s`, and whether the measured recovery was in it. */
export function predictionWords(prediction: TrialPrediction | null): string {
  if (prediction === null) return NONE;
  const range = `${secondsRange(prediction.recovery_ms)} s`;
  switch (prediction.inside) {
    case null:
      return range;
    case true:
      return `${range}, inside`;
    case false:
      return `${range}, OUTSIDE`;
  }
}
