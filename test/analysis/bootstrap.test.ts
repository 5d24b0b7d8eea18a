import { describe, expect, it } from "vitest";
import { medianInterval, medianShiftInterval } from "../../src/analysis/bootstrap.ts";
import { drawsOf } from "../../src/analysis/draws.ts";

const normal = (draw: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());

const many = <T>(count: number, make: () => T): readonly T[] => Array.from({ length: count }, make);

/** P(at least `k` of `n`), each with probability `p`. */
function atLeast(k: number, n: number, p: number): number {
  let total = 0;
  for (let hits = k; hits <= n; hits++) {
    let ways = 1;
    for (let each = 0; each < hits; each++) ways *= (n - each) / (each + 1);
    total += ways * p ** hits * (1 - p) ** (n - hits);
  }
  return total;
}

describe("medianInterval", () => {
  const values = [133, 144, 134, 134, 135, 145, 136, 134, 135, 134];

  it("is the same for the same seed and label, and holds the median", () => {
    const interval = medianInterval(values, drawsOf(1, "arm/recovery"));
    expect(medianInterval(values, drawsOf(1, "arm/recovery"))).toEqual(interval);
    expect(interval?.[0]).toBe(134);
    expect(interval?.[1]).toBeGreaterThanOrEqual(135);
    expect(interval?.[1]).toBeLessThanOrEqual(140);
  });

  it("does not exist below six values, whose extremes hold the median with less than 95 %", () => {
    expect(medianInterval([1, 2, 3, 4, 5], drawsOf(1, ""))).toBeNull();
    expect(medianInterval([5, 5, 5, 5, 5, 5], drawsOf(1, ""))).toEqual([5, 5]);
  });

  it("agrees with the exact distribution of a resampled median", () => {
    // The median of 25 drawn from 1..25 is at most k when at least 13 of them are.
    const values25 = many(25, () => 0).map((_, index) => index + 1);
    const exact = (p: number): number | undefined =>
      values25.find((k) => atLeast(13, 25, k / 25) >= p);
    expect(medianInterval(values25, drawsOf(4, ""))).toEqual([exact(0.025), exact(0.975)]);
  });

  it("holds the true median in about 95 of 100 samples", () => {
    const draw = drawsOf(7, "coverage");
    const held = many(150, () => {
      const sample = many(25, () => normal(draw));
      const interval = medianInterval(sample, draw);
      return interval !== null && interval[0] <= 0 && interval[1] >= 0;
    }).filter(Boolean).length;
    expect(held / 150).toBeGreaterThan(0.88);
    expect(held / 150).toBeLessThan(0.995);
  });

  it("copes with a thousand trials in well under a second", () => {
    const draw = drawsOf(8, "long");
    const sample = many(1000, () => normal(draw));
    const interval = medianInterval(sample, draw);
    expect(interval?.[0]).toBeGreaterThan(-0.2);
    expect(interval?.[1]).toBeLessThan(0.2);
  });
});

describe("medianShiftInterval", () => {
  it("resamples both sides, and turns about with them", () => {
    const draw = drawsOf(9, "shift");
    const one = many(40, () => 10 + normal(draw));
    const other = many(40, () => normal(draw));
    const interval = medianShiftInterval(one, other, draw) ?? [0, 0];
    const turned = medianShiftInterval(other, one, draw) ?? [0, 0];
    expect(interval[0]).toBeLessThan(10);
    expect(interval[1]).toBeGreaterThan(10);
    expect(turned[0]).toBeCloseTo(-interval[1], 0);
    expect(medianShiftInterval([1, 2, 3, 4, 5], other, draw)).toBeNull();
  });
});

describe("drawsOf", () => {
  it("is uniform, fixed by seed and label, and different for each of them", () => {
    const draws = many(10_000, drawsOf(1, "a"));
    expect(Math.min(...draws)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...draws)).toBeLessThan(1);
    expect(draws.reduce((total, each) => total + each, 0) / 10_000).toBeCloseTo(0.5, 1);
    expect(drawsOf(1, "a")()).toBe(draws[0]);
    expect(drawsOf(1, "b")()).not.toBe(draws[0]);
    expect(drawsOf(2, "a")()).not.toBe(draws[0]);
  });
});
