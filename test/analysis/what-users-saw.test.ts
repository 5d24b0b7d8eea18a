import { describe, expect, it } from "vitest";
import { answeredBy } from "../../src/analysis/answered-by.ts";
import { armSpells } from "../../src/analysis/arm-spells.ts";
import { clockOffsets, worstClock } from "../../src/analysis/clock-offsets.ts";
import { heldSession } from "../../src/analysis/held-session.ts";
import type { TrialRecord } from "../../src/analysis/trial-facts.ts";
import type { TrialFact } from "../../src/model/journal.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { SessionEnd } from "../../src/model/held-session.ts";
import type { Spell, TrialResult } from "../../src/model/trial-result.ts";
import { recovered, trialResult } from "./trials.ts";

const journal = (...facts: readonly TrialFact[]): readonly TrialRecord[] =>
  facts.map((fact, index) => ({
    seq: index + 1,
    at_ms: index,
    wall: "",
    event: { trial: "t", ...fact },
  }));

const held: TrialFact = { kind: "session-held", asked_ms: 100, instance: "pod-1", every_ms: 1000 };
const ended = (since_ms: readonly [number, number] | null, at_ms = 140_000): TrialFact => ({
  kind: "session-ended",
  at_ms,
  how: "reset",
  detail: "",
  since_ms,
});

describe("heldSession", () => {
  it("is null where none was held", () => {
    expect(
      heldSession(journal({ kind: "session-not-held", detail: "x" }), [], [1, 2], 0),
    ).toBeNull();
  });

  it("tells how long the picture stood still, until it moved again or the session broke", () => {
    const records = journal(
      held,
      { kind: "session-frozen", since_ms: [1000, 2000] },
      { kind: "session-thawed", at_ms: 5000 },
      { kind: "session-frozen", since_ms: [10_000, 11_000] },
      ended([10_000, 11_000]),
    );
    const session = heldSession(records, [], [10_500, 10_600], 0);
    expect(session).toMatchObject({
      instance: "pod-1",
      freezes: [
        { since_ms: [1000, 2000], until_ms: 5000 },
        { since_ms: [10_000, 11_000], until_ms: 140_000 },
      ],
      frozen_ms: [129_000, 130_000],
      end: { how: "reset", at_ms: 140_000 },
    });
    expect(heldSession(records, [], [10_500, 10_600], 20)?.frozen_ms).toEqual([128_980, 130_020]);
  });

  it("counts no freeze that was over before the fault, and knows none of a journal that breaks off", () => {
    const early = journal(
      held,
      { kind: "session-frozen", since_ms: [1000, 2000] },
      { kind: "session-thawed", at_ms: 5000 },
      ended(null),
    );
    expect(heldSession(early, [], [9000, 9100], 0)?.frozen_ms).toBeNull();
    const torn = journal(held, { kind: "session-frozen", since_ms: [1000, 2000] });
    expect(heldSession(torn, [], [900, 950], 0)).toMatchObject({
      freezes: [],
      frozen_ms: null,
      end: null,
    });
  });
});

/** Two freezes after the fault, the second since a moment that is known better. */
const twice = journal(
  held,
  { kind: "session-frozen", since_ms: [10_000, 20_000] },
  { kind: "session-thawed", at_ms: 30_000 },
  { kind: "session-frozen", since_ms: [41_000, 45_000] },
  ended([41_000, 45_000], 60_000),
);

const unobserved = (scheduled_ms: number, why: "control-failed" | "late"): Sample => ({
  seq: 1,
  trial: "t",
  target: "desktop",
  scheduled_ms,
  started_ms: scheduled_ms,
  ended_ms: scheduled_ms + 2000,
  result: { kind: "unobserved", why, detail: "" },
});

const deaf = (scheduled_ms: number): Sample => unobserved(scheduled_ms, "control-failed");

const longestBeside = (...samples: readonly Sample[]) =>
  heldSession(twice, samples, [9000, 9100], 0)?.frozen_ms;

describe("the longest freeze", () => {
  it("is at least as long as the lower end of any, and at most as the upper end of any", () => {
    expect(longestBeside()).toEqual([15_000, 20_000]);
  });

  it("is sure only until the prober heard nobody at all", () => {
    expect(longestBeside(deaf(48_000))).toEqual([10_000, 20_000]);
    expect(longestBeside(deaf(9000), deaf(43_000))).toEqual([0, 20_000]);
    expect(longestBeside(unobserved(48_000, "late"), deaf(35_000))).toEqual([15_000, 20_000]);
  });
});

const spell = (kind: Spell["kind"], from_ms: number, to_ms: number): Spell => ({
  kind,
  from_ms,
  to_ms,
  samples: 1,
  length_ms: [to_ms - from_ms - 100, to_ms - from_ms + 100],
});
const instants: TrialResult["instants"] = {
  ...trialResult().instants,
  fault: [10_000, 10_100],
};

const median = (low: number, value_ms: number, high: number) => ({
  value_ms,
  range_ms: [low, high],
  label: null,
});

const froze = (seconds: number, how: SessionEnd): TrialResult => {
  const until_ms = 10_000 + 1000 * seconds;
  return trialResult({
    instants,
    session: {
      instance: "pod-1",
      opened_ms: 0,
      freezes: [{ since_ms: [9000, 10_000], until_ms }],
      frozen_ms: [until_ms - 10_000, until_ms - 9000],
      end: { how, at_ms: until_ms, detail: "" },
    },
  });
};

describe("armSpells", () => {
  it("takes all spells of a kind in a trial together, and none from before the fault", () => {
    const trial = trialResult({
      instants,
      spells: [
        spell("handshake", 6000, 6100),
        spell("silent", 10_000, 20_000),
        spell("unobserved", 20_000, 20_250),
        spell("silent", 20_250, 30_000),
        spell("refused", 30_000, 35_000),
      ],
    });
    const other = trialResult({ instants, spells: [spell("silent", 10_000, 40_000)] });
    const lost = trialResult({
      instants,
      outcome: { kind: "censored", longer_than_ms: 1 },
      spells: [spell("black", 10_000, 40_000)],
    });
    expect(armSpells([trial, other, lost])).toEqual([
      { kind: "silent", trials: 2, median_ms: median(24_725, 24_875, 25_025), left_open: null },
      { kind: "refused", trials: 1, median_ms: median(4900, 5000, 5100), left_open: null },
    ]);
  });

  it("takes no freeze into the median that its session was left in", () => {
    const [broken, left, longer] = [
      froze(100, "reset"),
      froze(230, "left-open"),
      froze(240, "left-open"),
    ];
    const left_open = { trials: 2, at_least_ms: 230_000 };
    expect(armSpells([broken, longer, left])).toEqual([
      { kind: "frozen", trials: 3, median_ms: median(100_000, 100_500, 101_000), left_open },
    ]);
    expect(armSpells([left, longer])).toEqual([
      { kind: "frozen", trials: 2, median_ms: null, left_open },
    ]);
  });
});

describe("answeredBy", () => {
  it("tells an instance that came back apart from those that are new", () => {
    const same = {
      ...recovered([40_000, 40_200]),
      outcome: { kind: "recovered", instance: "same" },
    } as const;
    const arms = answeredBy([
      recovered([130_000, 130_200]),
      same,
      trialResult({ outcome: { kind: "no-outage", shorter_than_ms: null } }),
    ]);
    expect(arms).toMatchObject([
      { instance: "new", trials: 1, median_ms: { value_ms: 130_100 } },
      { instance: "same", trials: 1, median_ms: { value_ms: 40_100 } },
    ]);
  });
});

const read = (when: "before" | "after", offset_ms: readonly [number, number]): TrialFact => ({
  kind: "clock-offsets",
  when,
  epoch_ms: 0,
  clocks: [{ host: "pve2", over: "ssh", offset_ms }],
  silent: [],
});

const about = (offset_ms: readonly [number, number]) =>
  worstClock([{ host: "pve2", over: "ssh", offset_ms }], { period_ms: 250 });

describe("clockOffsets", () => {
  it("holds what was measured before and after", () => {
    expect(clockOffsets(journal(read("before", [10, 20]), read("after", [15, 40])))).toEqual([
      { host: "pve2", over: "ssh", offset_ms: [10, 40] },
    ]);
  });

  it("tells the worst clock where it is certainly off by more than the grid", () => {
    expect(about([-100, 900])).toEqual([]);
    expect(about([200, 900])).toEqual([]);
    expect(about([300, 500])).toEqual([
      "the clock of pve2 is 0.40 ± 0.10 s ahead of ours, by its date over SSH",
    ]);
    expect(about([-500, -300])).toEqual([
      "the clock of pve2 is 0.40 ± 0.10 s behind ours, by its date over SSH",
    ]);
  });
});
