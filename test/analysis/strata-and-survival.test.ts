import { describe, expect, it } from "vitest";
import { measureStatistics } from "../../src/analysis/measure-statistics.ts";
import { strata } from "../../src/analysis/strata.ts";
import type { TrialResult } from "../../src/model/trial-result.ts";
import { after, censored, voided } from "./trials.ts";

const master = (seconds: number, victim_was_master: boolean) => ({
  ...after(seconds),
  victim_was_master,
});

const kaplanMeierOf = (trials: readonly TrialResult[]) =>
  measureStatistics(trials, "recovery").kaplan_meier;

describe("strata", () => {
  it("reports trials with and without the CRM master apart where there are both", () => {
    const trials = [master(130, false), master(132, false), master(260, true), voided];
    const parts = strata(trials);
    expect(parts.map(({ name, trials: count }) => [name, count])).toEqual([
      ["CRM master killed", 1],
      ["CRM master not killed", 2],
    ]);
    expect(parts.map(({ statistics }) => statistics[0]?.values_ms.median?.value_ms)).toEqual([
      260_000, 131_000,
    ]);
  });

  it("has nothing to tell apart where all trials are of one kind", () => {
    expect(strata([master(130, false), voided])).toEqual([]);
    expect(strata([{ ...after(40), victim_was_master: null }])).toEqual([]);
  });
});

describe("survival", () => {
  it("counts censored trials in, and void ones not", () => {
    const seen = [40, 42, 44, 46, 48, 50, 52].map(after);
    const found = kaplanMeierOf([...seen, censored(60), censored(60), censored(60), voided]);
    // Of ten, five have ended at 48 s: the estimate stands at one half until 50 s.
    expect(found).toMatchObject({ n: 10, median: { value_ms: 49_000 }, p90: { value_ms: null } });
    const [low, high] = found?.median.interval_ms ?? [null, null];
    expect(low).toBeGreaterThanOrEqual(39_900);
    expect(low).toBeLessThan(49_000);
    expect(high).toBeNull();
  });

  it("has no interval below six trials, which hold no median with 95 %", () => {
    const few = [40, 42, 44, 46].map(after);
    const found = kaplanMeierOf([...few, censored(60)]);
    expect(found).toMatchObject({ n: 5, median: { value_ms: 44_000, interval_ms: [null, null] } });
    expect(kaplanMeierOf([...few, after(48), censored(60)])?.median.interval_ms[0]).not.toBeNull();
  });

  it("is not there where no trial is censored", () => {
    expect(kaplanMeierOf([after(40), after(42), voided])).toBeNull();
  });

  it("has an interval that the trials' own errors widen", () => {
    const trials = Array.from({ length: 20 }, (_, index) => after(40 + index));
    const [low, high] = kaplanMeierOf([...trials, censored(90)])?.median.interval_ms ?? [
      null,
      null,
    ];
    // Their lower ends are 100 ms below the whole second, their upper ends as much above.
    expect((low ?? 0) % 1000).toBe(900);
    expect((high ?? 0) % 1000).toBe(100);
  });
});
