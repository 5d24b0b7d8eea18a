import { describe, expect, it } from "vitest";
import { drawsOf } from "../../../src/analysis/draws.ts";
import { medianInterval } from "../../../src/analysis/statistics/median-interval.ts";

const SEED = 7;

/** Skewed, with its median at nought. */
const exponential = (draw: () => number): number => -Math.log(1 - draw()) - Math.LN2;

describe("medianInterval", () => {
  it("ends between order statistics, by the sign test's distribution", () => {
    // Of ten: rank 2.65766, from either end (median-rank.test.ts).
    const values = [133, 144, 134, 134, 135, 145, 136, 134, 135, 134];
    const [low, high] = medianInterval(values) ?? [0, 0];
    expect(low).toBe(134);
    expect(high).toBeCloseTo(144 - 0.65766 * (144 - 136), 3);
  });

  it("does not exist below six values, whose extremes hold the median with less than 95 %", () => {
    expect(medianInterval([])).toBeNull();
    expect(medianInterval([1, 2, 3, 4, 5])).toBeNull();
    expect(medianInterval([5, 5, 5, 5, 5, 5])).toEqual([5, 5]);
  });

  it.each([6, 7, 8, 9, 11, 13, 25])("holds the true median 94 to 97 times in 100 of %i", (n) => {
    const draw = drawsOf(SEED, `coverage/${n}`);
    const samples = 8000;
    const held = Array.from({ length: samples }, () => {
      const sample = Array.from({ length: n }, () => exponential(draw));
      const [low, high] = medianInterval(sample) ?? [Number.NaN, Number.NaN];
      return low <= 0 && 0 <= high;
    }).filter(Boolean).length;
    expect(held / samples, `seed ${SEED}`).toBeGreaterThan(0.94);
    expect(held / samples, `seed ${SEED}`).toBeLessThan(0.97);
  });

  it("is narrow where there are thousands of trials", () => {
    const draw = drawsOf(SEED, "long");
    const sample = Array.from({ length: 5000 }, () => draw());
    const [low, high] = medianInterval(sample) ?? [0, 0];
    // 1.96 / (2 sqrt(5000)) to either side.
    expect(high - low).toBeGreaterThan(0.02);
    expect(high - low).toBeLessThan(0.035);
  });
});
