import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { armReference } from "../../src/analysis/arm-reference.ts";
import { measureStatistics } from "../../src/analysis/measure-statistics.ts";
import { standardDeviation } from "../../src/analysis/quantile.ts";
import type { ArmReference } from "../../src/model/run-report.ts";
import { after, recovered } from "./trials.ts";

/** A trial's interval, and where in it the truth lies: 0 .. 1. */
const uncertain = fc
  .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 50 }), fc.nat(100))
  .map(([low, width, percent]) => ({
    range: [low, low + width] as const,
    truth: low + (width * percent) / 100,
  }));

describe("measureStatistics", () => {
  it("has a range of the standard deviation that holds it wherever in their intervals the values lie", () => {
    fc.assert(
      fc.property(fc.array(uncertain, { minLength: 2, maxLength: 12 }), (trials) => {
        const { sd_ms } = measureStatistics(
          trials.map(({ range }) => recovered(range)),
          "recovery",
        );
        const [low, high] = sd_ms?.range_ms ?? [0, 0];
        const truth = standardDeviation(trials.map((trial) => trial.truth));
        expect(truth).toBeGreaterThanOrEqual(low - 1e-9);
        expect(truth).toBeLessThanOrEqual(high + 1e-9);
      }),
      { seed: 16, numRuns: 500 },
    );
  });

  it("does not take trials of equal middles for trials without spread", () => {
    const alike = [1, 2, 3].map(() => recovered([38_000, 42_000]));
    // Each 2 s off: sqrt(3 * 2^2 / 2).
    const range_ms = [0, expect.closeTo(2449.49, 2)];
    expect(measureStatistics(alike, "recovery").sd_ms).toMatchObject({ value_ms: 0, range_ms });
  });

  it("has an interval of the median from that of all lower ends to that of all upper ends", () => {
    const trials = [41, 42, 43, 44, 45, 46].map(after);
    // Rank 1.357 of six, by the sign test: 0.36 s above the least, less the trial's own 0.1 s.
    expect(measureStatistics(trials, "recovery").median_interval_ms).toEqual([
      expect.closeTo(41_257.14, 1),
      expect.closeTo(45_742.86, 1),
    ]);
    expect(measureStatistics(trials.slice(1), "recovery").median_interval_ms).toBeNull();
  });
});

describe("armReference", () => {
  const values_ms = [41, 42, 43, 44, 45, 46].map((each) => each * 1000);
  const reference = {
    arm: "arm",
    title: "Thesis",
    source: "csv",
    measure: "recovery",
    values_ms,
  } as const;

  const shifted = (half: number): ArmReference =>
    armReference(
      reference,
      values_ms.map((each) => recovered([each + 10_000 - half, each + 10_000 + half])),
      1,
    );

  it("has an interval of the shift that the trials' own intervals widen, and a shift that they do not", () => {
    const [exact, blurred] = [shifted(0), shifted(2000)];
    expect(blurred.shift_ms).toBe(exact.shift_ms);
    const [low, high] = exact.shift_interval_ms ?? [0, 0];
    expect(blurred.shift_interval_ms).toEqual([
      expect.closeTo(low - 2000, 6),
      expect.closeTo(high + 2000, 6),
    ]);
  });
});
