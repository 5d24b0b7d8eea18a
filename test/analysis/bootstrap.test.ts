import { describe, expect, it } from "vitest";
import { medianShiftInterval } from "../../src/analysis/bootstrap.ts";
import { drawsOf } from "../../src/analysis/draws.ts";
import { ascending, median, quantile } from "../../src/analysis/quantile.ts";

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

/** As it is defined: each resample is drawn, sorted and cut in the middle. */
function byDefinition(one: readonly number[], other: readonly number[], draw: () => number) {
  const resampled = (values: readonly number[]): number => {
    const sorted = ascending(values);
    return median(many(values.length, () => sorted[Math.floor(draw() * values.length)] ?? 0));
  };
  const shifts = ascending(many(10_000, () => resampled(one) - resampled(other)));
  return [quantile(shifts, 0.025), quantile(shifts, 0.975)];
}

describe("medianShiftInterval, resample by resample", () => {
  it.each([
    [6, 6],
    [7, 12],
    [25, 8],
  ])("is what the definition gives, of %i against %i values with ties", (n, m) => {
    const draw = drawsOf(n, "values");
    const value = (): number => Math.floor(20 * draw());
    const [one, other] = [many(n, value), many(m, value)];
    const defined = byDefinition(one, other, drawsOf(m, "draws"));
    expect(medianShiftInterval(one, other, drawsOf(m, "draws"))).toEqual(defined);
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
