import type { RangeMs } from "../../base/interval.ts";
import { middleMs } from "../../base/interval.ts";
import { plainText } from "../../base/plain-text.ts";
import type { TrialResult } from "../../model/trial-result.ts";

/** Seconds. */
export type RangeS = readonly [low: number, high: number];

/** A trial as drawings place it. */
export interface Recovery {
  readonly trial: string;
  /** Order within its arm, from zero. */
  readonly at: number;
  readonly middle: number;
  readonly range: RangeS;
  readonly predicted: RangeS | null;
  readonly result: TrialResult;
}

export const inSeconds = ([low, high]: RangeMs): RangeS => [low / 1000, high / 1000];

/** Trials that were back, in the order in which they ran. */
export const recoveriesOf = (trials: readonly TrialResult[]): readonly Recovery[] =>
  trials.flatMap((result, at) => {
    const { recovery } = result.durations_ms;
    return result.outcome.kind === "recovered" && recovery !== null
      ? [
          {
            trial: plainText(result.trial),
            at,
            middle: middleMs(recovery) / 1000,
            range: inSeconds(recovery),
            predicted: result.prediction === null ? null : inSeconds(result.prediction.recovery_ms),
            result,
          },
        ]
      : [];
  });

/** Trials that were still down at their limit. */
export const boundsOf = (
  trials: readonly TrialResult[],
): readonly { readonly at: number; readonly longerThan: number }[] =>
  trials.flatMap(({ outcome }, at) =>
    outcome.kind === "censored" ? [{ at, longerThan: outcome.longer_than_ms / 1000 }] : [],
  );

/** All times, in seconds, that a drawing of recoveries has to hold. Bounds count only where there is nothing else. */
export function secondsIn(trials: readonly TrialResult[]): readonly number[] {
  const seen = recoveriesOf(trials).flatMap(({ range, predicted }) => [
    ...range,
    ...(predicted ?? []),
  ]);
  return seen.length > 0 ? seen : boundsOf(trials).map(({ longerThan }) => longerThan);
}
