import type { RangeMs } from "../../src/base/interval.ts";
import type { Outcome, TrialResult } from "../../src/model/trial-result.ts";

/** A trial's result as bare as can be; only what the statistics look at can be told. */
export function trialResult(changes: Partial<TrialResult> = {}): TrialResult {
  return {
    trial: "001-arm-1",
    arm: "arm",
    repetition: 1,
    seed: 1,
    started_wall: null,
    outcome: { kind: "recovered", instance: "new" },
    victim: "pve2",
    victim_was_master: false,
    cycle_age: null,
    before: null,
    after: null,
    answering: { before: null, after: null },
    instants: {
      fault: null,
      lost: null,
      node_lost: null,
      fenced: null,
      node_chosen: null,
      instance_started: null,
      back: null,
    },
    durations_ms: nothingMeasured,
    not_measured: {},
    explanation: null,
    spells: [],
    session: null,
    samples: { good: 0, bad: 0, unobserved: 0, flaps: 0 },
    grid: null,
    clock_offsets: [],
    prediction: null,
    pictures: { before: null, after: null },
    viewed_ms: [],
    notes: [],
    ...changes,
  };
}

const nothingMeasured: TrialResult["durations_ms"] = {
  recovery: null,
  outage: null,
  detection: null,
  fencing: null,
  placement: null,
  start: null,
  service: null,
};

export const recovered = (
  recovery: RangeMs,
  others: Partial<TrialResult["durations_ms"]> = {},
): TrialResult => trialResult({ durations_ms: { ...nothingMeasured, recovery, ...others } });

/** Recovered after so many seconds, give or take 100 ms. */
export const after = (seconds: number): TrialResult =>
  recovered([seconds * 1000 - 100, seconds * 1000 + 100]);

export const ended = (outcome: Outcome): TrialResult => trialResult({ outcome });

export const censored = (seconds: number): TrialResult =>
  ended({ kind: "censored", longer_than_ms: seconds * 1000 });

export const voided: TrialResult = ended({ kind: "void", why: "no steady state" });
