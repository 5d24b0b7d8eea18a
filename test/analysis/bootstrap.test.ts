import { describe, expect, it } from "vitest";
import { medianShiftInterval } from "../../src/analysis/bootstrap.ts";
import { drawsOf } from "../../src/analysis/draws.ts";

const normal = (draw: () => number): number =>
  Math.sqrt(-2 * Math.log(1 - draw())) * Math.cos(2 * Math.PI * draw());

const many = <T>(count: number, make: () => T): readonly T[] => Array.from({ length: count }, make);

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
