import type { RangeMs } from "../base/interval.ts";
import type { LiveArm, LiveResult } from "./live-event.ts";
import type { LiveState } from "./live-state.ts";

/** So many trials of an arm say enough of its next ones by themselves. */
const ENOUGH = 3;

/**
 * How long the run still takes, on its clock: if the trials that are left are as short as the shortest of their arm so far, or as
 * long as the longest. The first trials of an arm are also given what is expected of it. Null: nobody can tell, as of a trial that
 * takes longer than any, or of what a run does when the last one has ended.
 */
export function timeLeft({ run, trial, results }: LiveState, now_ms: number): RangeMs | null {
  if (run === null) return null;
  let left: RangeMs = [0, 0];
  for (const arm of run.arms) {
    const own = results.filter((result) => result.arm === arm.arm);
    const isUnderWay = trial?.arm === arm.arm;
    const ahead = arm.trials - own.length - (isUnderWay ? 1 : 0);
    if (ahead === 0 && !isUnderWay) continue;
    const length = lengthOf(arm, own);
    if (length === null) return null;
    const since = isUnderWay ? now_ms - trial.since_ms : 0;
    left = plus(left, times(plus(length, [arm.cooldown_ms, arm.cooldown_ms]), ahead));
    if (isUnderWay) left = plus(left, atLeastNothing(plus(length, [-since, -since])));
  }
  return left[1] > 0 ? left : null;
}

function lengthOf({ expected }: LiveArm, results: readonly LiveResult[]): RangeMs | null {
  const lengths = results.filter(struck).map(({ since_ms, until_ms }) => until_ms - since_ms);
  const known = lengths.length < ENOUGH ? [...lengths, ...(expected?.trial_ms ?? [])] : lengths;
  return known.length === 0 ? null : [Math.min(...known), Math.max(...known)];
}

/** A trial without a fault is over too soon to tell of others. */
function struck({ outcome }: LiveResult): boolean {
  switch (outcome?.kind) {
    case undefined:
    case "recovered":
    case "no-outage":
    case "censored":
      return true;
    case "void":
    case "refused":
    case "interrupted":
      return false;
  }
}

const plus = (a: RangeMs, b: RangeMs): RangeMs => [a[0] + b[0], a[1] + b[1]];
const times = ([low, high]: RangeMs, count: number): RangeMs => [low * count, high * count];
const atLeastNothing = ([low, high]: RangeMs): RangeMs => [Math.max(0, low), Math.max(0, high)];
