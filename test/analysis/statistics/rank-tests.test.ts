import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawsOf } from "../../../src/analysis/draws.ts";
import { ascending, quantile } from "../../../src/analysis/quantile.ts";
import { cliffsDelta } from "../../../src/analysis/statistics/cliffs-delta.ts";
import {
  criticalRank,
  hodgesLehmann,
  shiftInterval,
} from "../../../src/analysis/statistics/hodges-lehmann.ts";
import { mannWhitney, normalApproximation } from "../../../src/analysis/statistics/mann-whitney.ts";
import { upperTail } from "../../../src/analysis/statistics/normal.ts";

/** Permeability of the human chorioamnion at term, and at 12 to 26 weeks: Hollander and Wolfe (1973), p. 69; R's `?wilcox.test`. */
const atTerm = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
const earlier = [1.15, 0.88, 0.9, 0.74, 1.21];

const side = (of: fc.Arbitrary<number>) => fc.array(of, { minLength: 4, maxLength: 12 });

/** Of 0 and -0 either may come first where numbers are sorted. */
const unsigned = (numbers: readonly (number | undefined)[] | null) =>
  numbers?.map((each) => (each ?? Number.NaN) + 0) ?? null;

/** Pairs with the first side above, ties by halves. */
const pairsAbove = (one: readonly number[], other: readonly number[]): number =>
  one
    .flatMap((a) => other.map((b) => (a > b ? 1 : a === b ? 0.5 : 0)))
    .reduce<number>((sum, each) => sum + each, 0);

describe("upperTail", () => {
  it("gives the tabled tails of the normal distribution (Abramowitz and Stegun, table 26.1)", () => {
    expect(upperTail(0)).toBe(0.5);
    expect(upperTail(1)).toBeCloseTo(0.158655253931457, 14);
    expect(upperTail(1.959963984540054)).toBeCloseTo(0.025, 14);
    expect(upperTail(3)).toBeCloseTo(1.349898031630095e-3, 15);
    expect(upperTail(5) / 2.866515718791939e-7).toBeCloseTo(1, 10);
    expect(upperTail(-1)).toBeCloseTo(0.841344746068543, 14);
  });
});

describe("mannWhitney", () => {
  it("gives what R's wilcox.test does for the example of Hollander and Wolfe", () => {
    const { u, p, method } = mannWhitney(atTerm, earlier);
    expect({ u, method }).toEqual({ u: 35, method: "exact" });
    // R prints 0.1272 for the one-sided test, and without ties the two-sided p is twice that.
    expect(p / 2).toBeCloseTo(0.1272, 4);
  });

  it("gives what scipy's does for nine values against eight", () => {
    const one = [12.1, 13.4, 11.8, 15.2, 14.7, 13.9, 12.6, 16.1];
    const other = [14.9, 16.8, 15.5, 17.2, 13.3, 18.4, 16, 15.1, 19];
    // scipy 1.17, mannwhitneyu(method="exact").
    expect(mannWhitney(one, other)).toEqual({
      u: 11,
      p: expect.closeTo(0.015220074, 9),
      method: "exact",
    });
  });

  it("counts ties in by every way to share their ranks out", () => {
    const [one, other] = [
      [1, 2, 2, 3, 5],
      [2, 4, 4, 6, 7, 8],
    ];
    const all = [...one, ...other];
    const ways = Array.from({ length: 2 ** all.length }, (_, bits) =>
      all.map((_value, index) => ((bits >> index) & 1) === 1),
    ).filter((mine) => mine.filter(Boolean).length === one.length);
    const distances = ways.map((mine) =>
      Math.abs(
        pairsAbove(
          all.filter((_, index) => mine[index] === true),
          all.filter((_, index) => mine[index] === false),
        ) - 15,
      ),
    );
    const seen = Math.abs(pairsAbove(one, other) - 15);
    const asFar = distances.filter((distance) => distance >= seen).length;
    expect(mannWhitney(one, other).p).toBeCloseTo(asFar / ways.length, 12);
  });

  it("approximates beyond sixty values as scipy does, ties and continuity corrected", () => {
    // scipy 1.17, mannwhitneyu(method="asymptotic").
    expect(normalApproximation([1, 2, 2, 3, 5], [2, 4, 4, 6, 7, 8], 5)).toBeCloseTo(0.079343683, 8);
    const draw = drawsOf(3, "approximation");
    const sample = (count: number, shift: number): readonly number[] =>
      Array.from({ length: count }, () => draw() + shift);
    const [one, other] = [sample(30, 0.1), sample(30, 0)];
    const exact = mannWhitney(one, other);
    expect(exact.method).toBe("exact");
    expect(normalApproximation(one, other, exact.u)).toBeCloseTo(exact.p, 2);
    expect(mannWhitney([...one, 0.5], other).method).toBe("normal");
    expect(mannWhitney(sample(31, 0), sample(31, 2)).p).toBeLessThan(1e-9);
  });

  it("finds nothing where all values are the same", () => {
    const same = Array.from({ length: 40 }, () => 7);
    expect(mannWhitney([7, 7, 7], [7, 7, 7]).p).toBe(1);
    expect(mannWhitney(same, same)).toEqual({ u: 800, p: 1, method: "normal" });
  });
});

describe("shiftInterval", () => {
  it("has the critical values of the published tables (Mann and Whitney, 1947; Siegel, 1956, table K)", () => {
    const tabled = [
      [4, 4, 0],
      [5, 5, 2],
      [6, 6, 5],
      [7, 7, 8],
      [8, 8, 13],
      [9, 9, 17],
      [10, 10, 23],
      [12, 12, 37],
      [15, 15, 64],
      [20, 20, 127],
      [5, 10, 8],
      [10, 15, 39],
    ] as const;
    for (const [n, m, largestU] of tabled) {
      expect(criticalRank(n, m), `${n} against ${m}`).toBe(largestU + 1);
      expect(criticalRank(m, n), `${m} against ${n}`).toBe(largestU + 1);
    }
    expect(criticalRank(3, 3)).toBe(0);
  });

  it("gives shift and interval of Hollander and Wolfe's example as R does", () => {
    expect(hodgesLehmann(atTerm, earlier)).toBeCloseTo(0.305, 10);
    // The ninth smallest and the ninth largest of the fifty differences.
    const interval = shiftInterval(atTerm, earlier);
    expect(interval?.[0]).toBeCloseTo(-0.15, 10);
    expect(interval?.[1]).toBeCloseTo(0.76, 10);
  });

  it("does not exist for three against three, and takes values without an end", () => {
    expect(shiftInterval([1, 2, 3], [4, 5, 6])).toBeNull();
    const endless = [10, 11, 12, 13, Number.POSITIVE_INFINITY];
    expect(shiftInterval(endless, [1, 2, 3, 4, 5])).toEqual([6, Number.POSITIVE_INFINITY]);
  });

  it("is the median and two order statistics of all differences, with ties and without an end", () => {
    const value = fc.oneof(
      fc.integer({ min: -5, max: 5 }),
      fc.double({ min: -9, max: 9, noNaN: true }),
    );
    const endless = fc.constant(Number.POSITIVE_INFINITY);
    fc.assert(
      fc.property(side(fc.oneof(value, endless)), side(value), (one, other) => {
        const sorted = ascending(one.flatMap((each) => other.map((against) => each - against)));
        expect(unsigned([hodgesLehmann(one, other)])).toEqual(unsigned([quantile(sorted, 0.5)]));
        const k = criticalRank(one.length, other.length);
        const ends = k < 1 ? null : [sorted[k - 1], sorted[sorted.length - k]];
        expect(unsigned(shiftInterval(one, other))).toEqual(unsigned(ends));
      }),
      { seed: 12, numRuns: 300 },
    );
  });

  it("goes on smoothly beyond sixty values", () => {
    const [exact, approximated] = [criticalRank(30, 30), criticalRank(30, 31)];
    expect(approximated).toBeGreaterThan(exact);
    expect(approximated - exact).toBeLessThan(15);
  });
});

describe("cliffsDelta", () => {
  it("is the share of pairs above minus the share below", () => {
    // 50 pairs, of which U = 35 have the first above.
    expect(cliffsDelta(atTerm, earlier).value).toBeCloseTo((35 - 15) / 50, 12);
    expect(cliffsDelta([1, 2], [2, 3]).value).toBe(-0.75);
  });

  it("has an interval around it that stays within -1 and 1, also where the two do not overlap", () => {
    const [low, high] = cliffsDelta(atTerm, earlier).interval ?? [0, 0];
    expect(low).toBeGreaterThan(-1);
    expect(low).toBeLessThan(0);
    expect(high).toBeGreaterThan(0.4);
    expect(high).toBeLessThan(1);
    const apart = cliffsDelta(
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      [11, 12, 13, 14, 15, 16, 17, 18, 19, 20],
    );
    // Feng and Cliff: -(10 - 3.8415) / (10 + 3.8415).
    expect(apart).toEqual({ value: -1, interval: [-1, expect.closeTo(-0.44493, 4)] });
    expect(cliffsDelta([1], [2, 3]).interval).toBeNull();
  });

  it("holds the true delta in about 95 of 100 samples", () => {
    const draw = drawsOf(17, "delta");
    const sample = (shift: number): readonly number[] =>
      Array.from({ length: 15 }, () => draw() + shift);
    // P(X + 0.3 > Y) - P(X + 0.3 < Y) for uniform X, Y: 1 - 2 * 0.7^2 / 2.
    const truth = 1 - 0.7 ** 2;
    const held = Array.from({ length: 600 }, () => {
      const [low, high] = cliffsDelta(sample(0.3), sample(0)).interval ?? [0, 0];
      return low <= truth && truth <= high;
    }).filter(Boolean).length;
    expect(held / 600).toBeGreaterThan(0.92);
    expect(held / 600).toBeLessThan(0.985);
  });
});
