import { describe, expect, it } from "vitest";
import type { ArmPair } from "../../../src/analysis/comparison/compare-runs.ts";
import { compareRuns } from "../../../src/analysis/comparison/compare-runs.ts";
import { judgeSlower } from "../../../src/analysis/comparison/judge-slower.ts";
import { makeBaseline } from "../../../src/analysis/comparison/make-baseline.ts";
import { present } from "../../../src/base/assert.ts";
import type { Baseline, BaselineArm, Comparison } from "../../../src/model/baseline.ts";
import { fakeReport } from "../../support/fake-report.ts";

const run = makeBaseline(fakeReport());

/** The same run with every recovery and outage so many milliseconds later. */
const later = (ms: number): Baseline => ({
  ...run,
  run: `later-by-${ms}`,
  arms: run.arms.map((arm) => ({
    ...arm,
    measures: {
      ...arm.measures,
      recovery: {
        ...arm.measures.recovery,
        values_ms: arm.measures.recovery.values_ms.map(([low, high]) => [low + ms, high + ms]),
      },
    },
  })),
});

const changed = (arm: BaselineArm): BaselineArm => ({
  ...arm,
  settings: { ...arm.settings, version: "9.0.3", fault: "freeze" },
});

const paired = (one: Baseline, other: Baseline): readonly ArmPair[] =>
  one.arms.map((own, index) => ({ own, other: present(other.arms[index], own.name) }));

const compared = (one: Baseline, other: Baseline) =>
  compareRuns(one, other, paired(one, other), ["recovery"]);

describe("makeBaseline", () => {
  it("keeps each arm's trials as whole milliseconds rounded outwards, and counts those that say nothing", () => {
    const arms = new Map(run.arms.map((arm) => [arm.name, arm]));
    const guest = present(arms.get("proxmox-guest"), "an arm");
    expect(guest.without_result).toBe(1);
    expect(guest.measures.recovery.values_ms).toHaveLength(9);
    expect(arms.get("kubernetes")?.measures.recovery.longer_than_ms).toEqual([180_000]);
    for (const [low, high] of guest.measures.recovery.values_ms) {
      expect([low, high].every(Number.isInteger)).toBe(true);
      expect(low).toBeLessThan(high);
    }
  });

  it("says in words what two runs must have alike", () => {
    expect(run.arms[0]?.settings).toEqual({
      cluster: "proxmox lab-pve",
      version: "8.4.1",
      fault: "power off over IPMI",
      desktop: "clone of VM 9000",
      placement: "not on the CRM master",
      probe: "every 1.5 s down to frame, each within 6 s; 4 in a row are back",
      speed: "60",
      crm_master_killed: "in 0 of 9",
    });
    expect(run.arms[2]?.settings.crm_master_killed).toBeNull();
  });

  it("does not depend on the order in which trials were run", () => {
    const report = fakeReport();
    const turned = { ...report, trials: report.trials.toReversed() };
    expect(makeBaseline(turned)).toEqual(run);
  });
});

describe("compareRuns", () => {
  it("finds no difference between a run and itself, and nothing unlike", () => {
    const { arms, unmatched } = compared(run, run);
    expect(unmatched).toEqual([]);
    for (const arm of arms) {
      expect(arm.unlike).toEqual([]);
      expect(arm.measures[0]?.verdict).toBe("no-evidence");
    }
  });

  it("finds by how much a run is slower", () => {
    const [guest] = compared(later(20_000), run).arms;
    expect(guest?.measures[0]?.verdict).toBe("slower");
    expect(guest?.measures[0]?.shift_ms).toBeCloseTo(20_000, -3);
  });

  it("lists settings that differ, and arms without a counterpart", () => {
    const other: Baseline = { ...run, run: "other", arms: run.arms.slice(0, 1).map(changed) };
    const { arms, unmatched } = compareRuns(
      run,
      other,
      [{ own: present(run.arms[0], "an arm"), other: present(other.arms[0], "an arm") }],
      ["recovery"],
    );
    expect(arms[0]?.unlike).toEqual([
      { setting: "version", own: "8.4.1", other: "9.0.3" },
      { setting: "fault", own: "power off over IPMI", other: "freeze" },
    ]);
    expect(unmatched).toEqual([
      { run: run.run, arm: "proxmox-console" },
      { run: run.run, arm: "kubernetes" },
    ]);
  });
});

/** The settings that differ where the first arm's masters are these. */
const unlike = (own: string | null, other: string | null) => {
  const [one, two] = [own, other].map((crm_master_killed): Baseline => {
    const arm = present(run.arms[0], "an arm");
    return { ...run, arms: [{ ...arm, settings: { ...arm.settings, crm_master_killed } }] };
  });
  return compared(present(one, "a run"), present(two, "a run")).arms[0]?.unlike;
};

describe("two shares of kills of the CRM master", () => {
  it("are told where chance alone seldom sets them so far apart, by Fisher's exact test", () => {
    for (const [own, other] of [
      ["in 0 of 10", "in 0 of 2"],
      ["in 0 of 9", "in 4 of 9"],
      ["in 3 of 10", "in 4 of 10"],
      ["in 2 of 2", "in 0 of 2"],
      [null, null],
    ] as const) {
      expect(unlike(own, other), `${own} against ${other}`).toEqual([]);
      expect(unlike(other, own), `${other} against ${own}`).toEqual([]);
    }
    for (const [own, other] of [
      ["in 0 of 9", "in 5 of 9"],
      ["in 10 of 10", "in 0 of 2"],
      ["in 300 of 1000", "in 400 of 1000"],
      ["in 0 of 9", null],
    ] as const) {
      expect(unlike(own, other)).toEqual([{ setting: "crm_master_killed", own, other }]);
    }
  });

  it("that no count can be read of are told where their words differ", () => {
    expect(unlike("in some of 9", "in some of 9")).toEqual([]);
    expect(unlike("in some of 9", "in 0 of 9")).toHaveLength(1);
  });
});

/** Its first arm only. */
const guestOf = ({ arms, ...rest }: Comparison): Comparison => ({
  ...rest,
  arms: arms.slice(0, 1),
});

/** Nine trials are what the fake run's first arm has left. */
const within = (most_ms: number, min_valid: number | null = 9) => ({ most_ms, min_valid });

describe("judgeSlower", () => {
  it("fails beyond doubt, passes when it cannot be, and is inconclusive between", () => {
    const slower = compared(later(20_000), run);
    const guestOnly = { ...slower, arms: slower.arms.slice(0, 1) };
    expect(judgeSlower(guestOnly, within(1000))).toBe("fail");
    expect(judgeSlower(guestOnly, within(60_000))).toBe("pass");
    expect(judgeSlower(guestOnly, within(20_000))).toBe("inconclusive");
  });

  it("passes no run of which an arm was not compared, or has no interval", () => {
    const same = compared(run, run);
    const guestOnly = { ...same, arms: same.arms.slice(0, 1) };
    expect(judgeSlower(guestOnly, within(60_000))).toBe("pass");
    const missing = [{ run: "other", arm: "kubernetes" }];
    expect(judgeSlower({ ...guestOnly, unmatched: missing }, within(60_000))).toBe("inconclusive");
    const bare = guestOnly.arms.map((arm) => ({
      ...arm,
      measures: arm.measures.map((each) => ({ ...each, interval_ms: null })),
    }));
    expect(judgeSlower({ ...guestOnly, arms: bare }, within(60_000))).toBe("inconclusive");
  });

  it("passes no arm of which trials say nothing, unless fewer are asked for; and fails it all the same", () => {
    const [same, slower] = [compared(run, run), compared(later(20_000), run)];
    expect(guestOf(same).arms[0]).toMatchObject({ without_result: [1, 1] });
    expect(judgeSlower(guestOf(same), within(60_000, null))).toBe("inconclusive");
    expect(judgeSlower(guestOf(same), within(60_000, 10))).toBe("inconclusive");
    expect(judgeSlower(guestOf(slower), within(1000, null))).toBe("fail");
    const whole = guestOf(same).arms.map((arm) => ({ ...arm, without_result: [0, 0] as const }));
    expect(judgeSlower({ ...guestOf(same), arms: whole }, within(60_000, null))).toBe("pass");
  });
});
