import { describe, expect, it } from "vitest";
import { layersDownTo, notLost, unwatched } from "../../src/live/apply-sample.ts";
import type { LiveTrial, PhaseState } from "../../src/live/live-state.ts";
import { nothingYet } from "../../src/live/live-state.ts";
import { phases } from "../../src/model/experiment.ts";
import type { TrialInstants } from "../../src/model/trial-result.ts";
import { longestOf, rounded } from "../../src/ui/longest.ts";
import { segmentsNow, segmentsOf } from "../../src/ui/segments.ts";
import { length, lengths, ticking } from "../../src/ui/words.ts";

const instants: TrialInstants = {
  fault: [1000, 1000],
  lost: [1100, 1300],
  node_lost: [21_000, 21_000],
  fenced: null,
  node_chosen: [61_000, 61_000],
  instance_started: [71_000, 71_000],
  back: [90_900, 91_100],
};

const waiting = phases.map((phase): PhaseState => ({
  phase,
  state: "waiting",
  since_ms: null,
  took_ms: null,
  error_ms: 0,
  predicted_ms: null,
}));

const trial: LiveTrial = {
  trial: "001",
  arm: "kubernetes",
  repetition: 1,
  since_ms: 0,
  doing: "waiting",
  doing_since_ms: 0,
  reachable: true,
  victim: "node-1",
  requested_ms: 1000,
  fault_ms: [1000, 1000],
  outage: notLost,
  layers: layersDownTo("frame"),
  control: unwatched,
  phases: waiting,
  predicted_ms: [100_000, 150_000],
  seen: [],
  spells: [],
};

describe("segmentsOf", () => {
  it("goes from milestone to milestone, and calls untold what nobody saw end", () => {
    expect(segmentsOf(instants)).toEqual([
      { kind: "detection", from_ms: 0, to_ms: 20_000 },
      { kind: "untold", from_ms: 20_000, to_ms: 60_000 },
      { kind: "start", from_ms: 60_000, to_ms: 70_000 },
      { kind: "service", from_ms: 70_000, to_ms: 90_000 },
    ]);
  });

  it("is empty without a fault", () => {
    expect(segmentsOf({ ...instants, fault: null })).toEqual([]);
  });
});

describe("segmentsNow", () => {
  const begun = waiting.map((phase, index): PhaseState => {
    if (index === 0) return { ...phase, state: "done", since_ms: 1000, took_ms: 20_000 };
    return index === 1 ? { ...phase, state: "running", since_ms: 21_000 } : phase;
  });

  it("grows with the phase that runs", () => {
    expect(segmentsNow({ ...trial, phases: begun }, 31_000)).toEqual([
      { kind: "detection", from_ms: 0, to_ms: 20_000 },
      { kind: "fencing", from_ms: 20_000, to_ms: 30_000 },
    ]);
  });

  it("grows without phases, too, and ends when the desktop is back", () => {
    const unphased = { ...trial, phases: [] };
    expect(segmentsNow(unphased, 31_000)).toEqual([{ kind: "untold", from_ms: 0, to_ms: 30_000 }]);
    const back = { ...unphased, outage: { ...notLost, lost_ms: 1100, back_ms: 41_000 } };
    expect(segmentsNow(back, 99_000)).toEqual([{ kind: "untold", from_ms: 0, to_ms: 40_000 }]);
  });

  it("shows nothing before the fault", () => {
    expect(segmentsNow({ ...trial, requested_ms: null, fault_ms: null, phases: [] }, 5000)).toEqual(
      [],
    );
    expect(segmentsNow({ ...trial, requested_ms: null, fault_ms: null }, 5000)).toEqual([]);
  });
});

describe("the axis", () => {
  it("holds what is predicted and what lasts longer, in few steps", () => {
    expect(longestOf(nothingYet, 0)).toBe(80_000);
    expect(longestOf({ ...nothingYet, trial }, 2000)).toBe(200_000);
    const unphased = { ...trial, phases: [] };
    expect(longestOf({ ...nothingYet, trial: unphased }, 401_000)).toBe(500_000);
  });

  it.each([
    [1, 1],
    [61_200, 80_000],
    [153_000, 200_000],
    [99_999, 100_000],
    [240_000, 250_000],
  ])("rounds %d ms up to %d", (ms, expected) => {
    expect(rounded(ms)).toBe(expected);
  });
});

describe("words", () => {
  it("says lengths of time", () => {
    expect(length(134_240)).toBe("134.2 s");
    expect(length(725_000)).toBe("12 min 5 s");
    expect(ticking(134_900)).toBe("134 s");
    expect(ticking(-5)).toBe("0 s");
    expect(lengths([30_000, 61_000])).toBe("30 to 61 s");
    expect(lengths([180_000, 200_000])).toBe("3 min");
    expect(lengths([3_600_000, 9_000_000])).toBe("1 to 3 h");
  });
});
