import pc from "picocolors";
import { describe, expect, it } from "vitest";
import type { Contrast } from "../../src/model/contrast.ts";
import { armRemarks } from "../../src/reporters/arm-remarks.ts";
import { comparisonLines } from "../../src/reporters/comparison-lines.ts";
import { contrastSentence } from "../../src/reporters/contrast-words.ts";
import { present } from "../../src/base/assert.ts";
import { fakeReport, hostile } from "../support/fake-report.ts";

const contrast = (changes: Partial<Contrast> = {}): Contrast => ({
  measure: "recovery",
  n: [10, 10],
  censored: [0, 0],
  verdict: "slower",
  shift_ms: 3240,
  interval_ms: [1100, 5400],
  test: { name: "mann-whitney", method: "exact", p: 0.0034, p_largest: 0.004 },
  cliffs_delta: { value: 0.71, interval: [0.31, 0.9] },
  ...changes,
});

describe("contrastSentence", () => {
  it("says what, by how much, how sure, and of how many", () => {
    expect(contrastSentence(contrast())).toBe(
      "recovery slower by 3.2 s (95 %: +1.1 s .. +5.4 s; p = 0.003, Mann-Whitney, exact; Cliff's delta 0.71 (0.31 .. 0.90); 10 and 10 trials)",
    );
  });

  it("does not call no evidence no difference", () => {
    const sentence = contrastSentence(
      contrast({ verdict: "no-evidence", shift_ms: -400, interval_ms: [-2000, 1200] }),
    );
    expect(sentence).toMatch(/^recovery no evidence of a difference: −0\.4 s \(95 %: −2\.0 s/u);
  });

  it("gives a bound where trials are censored", () => {
    const censored = {
      censored: [1, 0],
      shift_ms: null,
      cliffs_delta: null,
      test: { name: "log-rank", method: "chi-squared", p: 0.0001, p_largest: 0.0002 },
    } as const;
    expect(contrastSentence(contrast({ ...censored, interval_ms: [555_000, null] }))).toBe(
      "recovery slower by at least 555.0 s (95 %: at least +555.0 s; p < 0.001, log-rank, chi-squared; 10 and 10 (1 and 0 censored) trials)",
    );
    expect(contrastSentence(contrast({ ...censored, interval_ms: [-3000, null] }))).toContain(
      "slower, by how much is open (95 %: at least −3.0 s;",
    );
  });

  it("says when trials are too few, and when their errors could hide the difference", () => {
    expect(contrastSentence(contrast({ n: [3, 3], interval_ms: null }))).toContain(
      "too few trials for a 95 % interval",
    );
    const test = { name: "mann-whitney", method: "exact", p: 0.04, p_largest: 0.071 } as const;
    expect(contrastSentence(contrast({ test }))).toContain("p = 0.040 (up to 0.071)");
    const none = { n: [0, 3], interval_ms: null, test: null, cliffs_delta: null } as const;
    expect(contrastSentence(contrast({ ...none, verdict: "no-evidence", shift_ms: null }))).toBe(
      "recovery no evidence of a difference (0 and 3 trials)",
    );
  });
});

describe("comparisonLines", () => {
  it("keeps hostile words in their lines", () => {
    const comparison = {
      format: 1,
      run: hostile,
      against: hostile,
      arms: [
        {
          arm: hostile,
          against: "b",
          measures: [contrast()],
          without_result: [5, 0],
          unlike: [{ setting: "fault", own: hostile, other: null }],
        },
      ],
      unmatched: [{ run: hostile, arm: hostile }],
    } as const;
    const text = comparisonLines(comparison, { colours: pc.createColors(false), width: 400 });
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    expect(text.trimEnd().split("\n")).toHaveLength(8);
    expect(text).toContain(
      "! 5 of its trials say nothing (void, refused, interrupted or not started), against 0\n",
    );
  });
});

describe("armRemarks", () => {
  const [arm] = fakeReport().arms;
  const guest = present(arm, "an arm");

  const few = (n: number): readonly string[] => {
    const statistics = guest.statistics.map((each) => ({ ...each, n, median_interval_ms: null }));
    return armRemarks({ ...guest, strata: [], statistics });
  };

  it("has nothing to say of an arm whose trials all recovered and are of one kind", () => {
    expect(armRemarks({ ...guest, strata: [] })).toEqual([]);
  });

  it("tells how surely so few trials hold the median that it has no interval", () => {
    expect(few(3)).toEqual([
      "proxmox-guest: 3 recovered trials are too few for a 95 % interval of the median; with 75 % it lies between the least and the largest",
    ]);
    expect(few(5)[0]).toContain("with 94 %");
    expect(few(1)[0]).toContain("1 recovered trial is too few");
    expect(few(0)).toEqual([]);
  });

  it("tells Kaplan-Meier's quantiles where trials are censored", () => {
    const kaplan_meier = {
      n: 10,
      median: { value_ms: 49_000, interval_ms: [44_000, 61_000] },
      p90: { value_ms: null, interval_ms: [50_000, null] },
    } as const;
    const statistics = guest.statistics.slice(0, 1).map((each) => ({ ...each, kaplan_meier }));
    expect(armRemarks({ ...guest, statistics })).toEqual([
      "proxmox-guest: recovery with censored trials counted in (Kaplan-Meier): median 49.0 s (95 %: 44.0 .. 61.0 s), p90 not reached (95 %: from 50.0 s on), of 10",
    ]);
  });

  it("tells strata apart", () => {
    const { statistics } = guest;
    const strata = [
      { name: "CRM master killed", trials: 1, statistics: statistics.slice(0, 2) },
      { name: "CRM master not killed", trials: 8, statistics: [] },
    ];
    const [killed, not] = armRemarks({ ...guest, strata });
    expect(killed).toMatch(
      /^proxmox-guest: CRM master killed in 1 trial: median recovery [\d.]+ s \([\d.]+ \.\. [\d.]+\), median outage/u,
    );
    expect(not).toBe("proxmox-guest: CRM master not killed in 8 trials: none recovered");
  });
});
