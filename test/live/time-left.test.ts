import { describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { LiveState } from "../../src/live/live-state.ts";
import { nothingYet } from "../../src/live/live-state.ts";
import { timeLeft } from "../../src/live/time-left.ts";
import { fakeRun } from "../support/fake-run.ts";
import type { FakeFate } from "../support/fake-trial.ts";
import { toldRun } from "../support/told-run.ts";

const none = { detection: null, fencing: null, placement: null, start: null, service: null };
const expected = { recovery_ms: [1, 2], phases_ms: none, trial_ms: [100_000, 200_000] } as const;

const recovers = (_index: number): FakeFate => "recovers";

/** The state after so many trials of three arms have ended. */
function after(ended: number, { trials = 4, known = true, fate = recovers } = {}): LiveState {
  const run = toldRun(fakeRun({ trials, fate }), { expected: known ? expected : null });
  const [, state] = present(
    run.find(([, { results }]) => results.length === ended),
    "such a state",
  );
  return state;
}

const cooldown = present(after(0).run?.arms[0], "an arm").cooldown_ms;

describe("timeLeft", () => {
  it("is not known before the run has begun, nor of arms that nobody expects anything of", () => {
    expect(timeLeft(nothingYet, 0)).toBeNull();
    expect(timeLeft(after(0, { known: false }), 0)).toBeNull();
  });

  it("is what is expected of all trials at first, with the rests between them", () => {
    const rest = 12 * cooldown;
    expect(timeLeft(after(0), 0)).toEqual([12 * 100_000 + rest, 12 * 200_000 + rest]);
  });

  it("goes by the shortest and the longest trial of each arm once there are three", () => {
    const state = after(9);
    const lengths = (arm: string): readonly number[] =>
      state.results
        .filter((each) => each.arm === arm)
        .map(({ since_ms, until_ms }) => until_ms - since_ms);
    const each = present(state.run, "a run").arms.map(({ arm }) => lengths(arm));
    const sum = (pick: (values: readonly number[]) => number): number =>
      each.reduce((total, values) => total + pick(values) + cooldown, 0);
    const left = present(timeLeft(state, 0), "a range");
    expect(left[0]).toBeCloseTo(
      sum((values) => Math.min(...values)),
      6,
    );
    expect(left[1]).toBeCloseTo(
      sum((values) => Math.max(...values)),
      6,
    );
  });

  it("takes no trial without a fault for a measure of others", () => {
    const state = after(3, {
      trials: 2,
      known: false,
      fate: (index) => (index < 3 ? "not-steady" : "recovers"),
    });
    expect(timeLeft(state, 0)).toBeNull();
  });

  it("runs down while a trial is under way, and is not known of one that takes longer than any", () => {
    const run = toldRun(fakeRun({ trials: 1, fate: () => "recovers" }), { expected });
    const last = present(
      run.find(([, state]) => state.results.length === 2 && state.trial !== null),
      "the last",
    )[1];
    const began = present(last.trial, "a trial").since_ms;
    expect(timeLeft(last, began)).toEqual([100_000, 200_000]);
    const [low, high] = present(timeLeft(last, began + 150_000), "a range");
    expect(low).toBe(0);
    expect(high).toBeCloseTo(50_000, 6);
    expect(timeLeft(last, began + 900_000)).toBeNull();
  });

  it("is not known of what comes when all are done", () => {
    expect(timeLeft(after(12), 0)).toBeNull();
  });
});
