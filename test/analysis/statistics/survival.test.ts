import { describe, expect, it } from "vitest";
import { drawsOf } from "../../../src/analysis/draws.ts";
import type { Observation } from "../../../src/analysis/statistics/kaplan-meier.ts";
import {
  kaplanMeier,
  quantileInterval,
  survivalQuantile,
} from "../../../src/analysis/statistics/kaplan-meier.ts";
import { logRank } from "../../../src/analysis/statistics/log-rank.ts";
import { upperTail } from "../../../src/analysis/statistics/normal.ts";

/**
 * Weeks of remission of acute leukaemia, under 6-mercaptopurine and under placebo: Freireich et al., Blood 21 (1963); as printed in
 * Kalbfleisch and Prentice, and in Cox and Oakes. Negative: censored.
 */
const weeks = (values: readonly number[]): readonly Observation[] =>
  values.map((value) => ({ time: Math.abs(value), seen: value > 0 }));
const mercaptopurine = weeks([
  6, 6, 6, -6, 7, -9, 10, -10, -11, 13, 16, -17, -19, -20, 22, 23, -25, -32, -32, -34, -35,
]);
const placebo = weeks([1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]);

describe("kaplanMeier", () => {
  it("gives the published estimate of the 6-MP data, with Greenwood's error", () => {
    const steps = kaplanMeier(mercaptopurine);
    expect(steps.map(({ time }) => time)).toEqual([6, 7, 10, 13, 16, 22, 23]);
    const survivals = [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482];
    const errors = [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346];
    for (const [index, { survival, variance }] of steps.entries()) {
      expect(survival).toBeCloseTo(survivals[index] ?? 0, 4);
      expect(Math.sqrt(variance)).toBeCloseTo(errors[index] ?? 0, 4);
    }
    // lifelines and scipy 1.17, log-log.
    expect(steps.at(-1)?.band[0]).toBeCloseTo(0.188052, 6);
    expect(steps.at(-1)?.band[1]).toBeCloseTo(0.680143, 6);
  });

  it("has medians of 23 and 8 weeks, with the log-log intervals of SAS's LIFETEST", () => {
    const [treated, untreated] = [kaplanMeier(mercaptopurine), kaplanMeier(placebo)];
    expect(survivalQuantile(treated, 0.5)).toBe(23);
    expect(quantileInterval(treated, 0.5)).toEqual([13, null]);
    expect(survivalQuantile(untreated, 0.5)).toBe(8);
    expect(quantileInterval(untreated, 0.5)).toEqual([4, 11]);
    expect(survivalQuantile(treated, 0.9)).toBeNull();
  });

  it("is the sample's own median where nothing is censored, and unknown where half is", () => {
    expect(survivalQuantile(kaplanMeier(weeks([1, 2, 4, 8])), 0.5)).toBe(3);
    expect(survivalQuantile(kaplanMeier(weeks([1, 2, 4])), 0.5)).toBe(2);
    expect(survivalQuantile(kaplanMeier(weeks([1, 2, -9, -9])), 0.5)).toBeNull();
    expect(survivalQuantile(kaplanMeier(weeks([-9, -9])), 0.5)).toBeNull();
    expect(quantileInterval(kaplanMeier(weeks([-9, -9])), 0.5)).toEqual([null, null]);
  });
});

const watched = (side: readonly Observation[], from: number): number =>
  side.filter(({ time }) => time >= from).length;

/** Ends of one side, minus the share of all ends that fell to it by its size then. */
const surplusOf = (one: readonly Observation[], other: readonly Observation[]): number => {
  const ends = [...one, ...other].filter(({ seen }) => seen).map(({ time }) => time);
  const expected = ends.map((time) => watched(one, time) / watched([...one, ...other], time));
  return one.filter(({ seen }) => seen).length - expected.reduce((sum, each) => sum + each, 0);
};

describe("logRank", () => {
  it("gives the published 16.79 for 6-MP against placebo", () => {
    const result = logRank(mercaptopurine, placebo);
    expect(result?.chiSquared).toBeCloseTo(16.79, 2);
    // scipy 1.17: 4.16881e-5.
    expect((result?.p ?? 0) / 4.16881e-5).toBeCloseTo(1, 5);
    // Nine remissions ended where 19.25 were expected.
    expect(result?.surplus).toBeCloseTo(9 - 19.25, 2);
    expect(logRank(placebo, mercaptopurine)?.surplus).toBeCloseTo(19.25 - 9, 2);
  });

  it("counts all ways to share few trials out, where chi-squared would find too much", () => {
    // The share of the ways that are as far out on that side, doubled: no fewer than 2 of 5, of 10, of 20.
    const few = [
      { one: [2], other: [3, 4, 5, -600], p: 2 / 5 },
      { one: [3, 4], other: [-600, -600, -600], p: 2 / 10 },
      { one: [3, 4, 5], other: [-600, -600, -600], p: 2 / 20 },
    ];
    for (const { one, other, p } of few) {
      const found = logRank(weeks(one), weeks(other));
      expect(found).toMatchObject({ method: "exact", p: expect.closeTo(p, 12) });
      expect(found?.chiSquared).toBeGreaterThan(3.8415);
    }
  });

  it("has the exact p that the surpluses of all ways to share the trials out give", () => {
    const draw = drawsOf(9, "permutations");
    for (let round = 0; round < 20; round++) {
      const times = Array.from({ length: 9 }, () => Math.ceil(8 * draw()));
      const all = weeks(times.map((time) => (draw() < 0.3 ? -time : time)));
      const surplus = (mine: (index: number) => boolean): number =>
        surplusOf(
          all.filter((_, index) => mine(index)),
          all.filter((_, index) => !mine(index)),
        );
      const ways = Array.from({ length: 2 ** 9 }, (_, bits) => bits)
        .map((bits) => (index: number) => ((bits >> index) & 1) === 1)
        .filter((mine) => all.filter((_, index) => mine(index)).length === 4)
        .map(surplus);
      const seen = surplus((index) => index < 4);
      const tails = [
        ways.filter((way) => way <= seen + 1e-9).length,
        ways.filter((way) => way >= seen - 1e-9).length,
      ];
      const exact = Math.min(1, (2 * Math.min(...tails)) / ways.length);
      expect(logRank(all.slice(0, 4), all.slice(4))?.p, `round ${round}`).toBeCloseTo(exact, 12);
    }
  });

  it("goes over to chi-squared where the ways are too many to count, near to what these give", () => {
    const draw = drawsOf(10, "chi-squared");
    const side = (count: number, shift: number): readonly Observation[] =>
      Array.from({ length: count }, () => ({ time: draw() + shift, seen: draw() < 0.9 }));
    const [one, other] = [side(10, 0.2), side(10, 0)];
    const counted = logRank(one, other);
    expect(counted?.method).toBe("exact");
    const approximated = 2 * upperTail(Math.sqrt(counted?.chiSquared ?? 0));
    expect(Math.abs((counted?.p ?? 0) - approximated)).toBeLessThan(0.03);
    expect(logRank([...one, { time: 0.5, seen: true }], other)?.method).toBe("chi-squared");
  });

  it("has nothing to say where no end was seen", () => {
    expect(logRank(weeks([-5, -6]), weeks([-7]))).toBeNull();
    expect(logRank(weeks([3]), weeks([-1]))).toBeNull();
  });
});
