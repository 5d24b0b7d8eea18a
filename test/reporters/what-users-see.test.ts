import { describe, expect, it } from "vitest";
import { caveats } from "../../src/reporters/caveats.ts";
import { reloadingUser, spellRows, waitingUser } from "../../src/reporters/what-users-see.ts";
import type { ArmReport, ArmSpell, StatisticValue } from "../../src/model/run-report.ts";
import type { HeldSession, Spell, TrialResult } from "../../src/model/trial-result.ts";
import { trialResult } from "../analysis/trials.ts";
import { fakeReport } from "../support/fake-report.ts";

const spell = (kind: Spell["kind"], from_ms: number, to_ms: number): Spell => ({
  kind,
  from_ms,
  to_ms,
  samples: 1,
  length_ms: [to_ms - from_ms - 100, to_ms - from_ms + 100],
});
const saw = (...spells: readonly Spell[]): TrialResult =>
  trialResult({ spells, instants: { ...trialResult().instants, fault: [10_000, 10_100] } });

describe("reloadingUser", () => {
  it("tells one failure after the other, and that it is back", () => {
    const trial = saw(
      spell("answering", 5000, 10_000),
      spell("silent", 10_000, 100_000),
      spell("unobserved", 100_000, 100_500),
      spell("silent", 100_500, 138_200),
      spell("refused", 138_200, 149_200),
      spell("answering", 149_200, 151_000),
    );
    expect(reloadingUser(trial)).toBe("silence 128.2 s, refused 11.0 s, back");
  });

  it("tells nothing where nothing was seen, and cuts what flaps", () => {
    expect(reloadingUser(saw(spell("answering", 5000, 20_000)))).toBe("–");
    const flaps = Array.from({ length: 30 }, (_, index) =>
      spell(
        index % 2 === 0 ? "refused" : "answering",
        10_000 + index * 1000,
        11_000 + index * 1000,
      ),
    );
    expect(reloadingUser(saw(...flaps)).split(", ")).toHaveLength(10);
  });
});

const session = (changes: Partial<HeldSession>): HeldSession => ({
  instance: "pod-1",
  opened_ms: 0,
  freezes: [{ since_ms: [10_000, 11_000], until_ms: 145_000 }],
  frozen_ms: [134_000, 135_000],
  end: { how: "reset", at_ms: 145_000, detail: "" },
  ...changes,
});

describe("waitingUser", () => {
  it("tells how long the picture stands still and what becomes of it", () => {
    expect(waitingUser(session({}))).toBe("frozen for 134.5 ± 0.5 s, then reset");
    const closed = { how: "closed", at_ms: 145_000, detail: "1000 Target closed" } as const;
    expect(waitingUser(session({ end: closed }))).toBe(
      "frozen for 134.5 ± 0.5 s, then closed (1000 Target closed)",
    );
    const left = { how: "left-open", at_ms: 145_000, detail: "" } as const;
    expect(waitingUser(session({ end: left }))).toBe(
      "frozen for 134.5 ± 0.5 s at least, and still open at the end",
    );
    expect(waitingUser(session({ end: { ...left, at_ms: 200_000 } }))).toBe(
      "frozen for 134.5 ± 0.5 s, then moving again",
    );
    expect(waitingUser(session({ freezes: [], frozen_ms: null, end: left }))).toBe("never frozen");
    expect(waitingUser(session({ freezes: [], frozen_ms: null, end: closed }))).toBe(
      "not frozen before it was closed (1000 Target closed)",
    );
    expect(waitingUser(null)).toBe("no session held");
  });
});

/** Of the first arm, with nine recovered trials. */
function frozenCell(
  frozen: Pick<ArmSpell, "trials" | "median_ms" | "left_open">,
): string | undefined {
  const arms = fakeReport().arms.map((arm): ArmReport => ({
    ...arm,
    spells: [{ kind: "frozen", ...frozen }],
  }));
  return spellRows(arms)[0]?.cells[0];
}

describe("spellRows", () => {
  it("has a row for each kind that was seen, with the median and in how many trials it was seen", () => {
    const { arms } = fakeReport();
    const rows = spellRows(arms);
    expect(rows.map(({ kind }) => kind)).toEqual(["frozen", "silent", "refused", "handshake"]);
    expect(rows[0]?.cells).toHaveLength(3);
    expect(rows[0]?.cells[0]).toMatch(/^\d+\.\d \(9 of 9\)$/u);
  });

  it("tells freezes that were left open apart, as at least so long", () => {
    const left_open = { trials: 2, at_least_ms: 134_100 };
    expect(frozenCell({ trials: 9, median_ms: median(128.2), left_open })).toBe(
      "128.2 (7 of 9), at least 134.1 (2 of 9)",
    );
    expect(frozenCell({ trials: 2, median_ms: null, left_open })).toBe("at least 134.1 (2 of 9)");
  });
});

const median = (seconds: number): StatisticValue => ({
  value_ms: seconds * 1000,
  range_ms: [seconds * 1000 - 100, seconds * 1000 + 100],
  label: null,
});
const said = (answered_by: ArmReport["answered_by"]): readonly string[] => {
  const report = fakeReport({ downgrades: [], overrides: [], clock: null });
  const arms = report.arms.slice(0, 1).map((arm) => ({ ...arm, answered_by }));
  return caveats({ ...report, arms });
};

describe("an instance that comes back", () => {
  it("is told apart from failovers, with its own median", () => {
    expect(said([{ instance: "new", trials: 10, median_ms: median(134) }])).toEqual([]);
    expect(
      said([
        { instance: "new", trials: 8, median_ms: median(134) },
        { instance: "same", trials: 2, median_ms: median(45) },
      ]),
    ).toEqual([
      "proxmox-guest: in 2 of 10 recovered trials the same instance came back, which is no failover. Median recovery there 45.0 s, " +
        "with a new instance 134.0 s; the statistics of this arm hold them all.",
    ]);
    expect(said([{ instance: "same", trials: 3, median_ms: median(45) }])).toEqual([
      "proxmox-guest: in 3 of 3 recovered trials the same instance came back, which is no failover. Median recovery there 45.0 s.",
    ]);
  });
});
