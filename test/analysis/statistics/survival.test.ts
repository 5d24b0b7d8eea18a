import { describe, expect, it } from "vitest";
import type { Observation } from "../../../src/analysis/statistics/kaplan-meier.ts";
import {
  kaplanMeier,
  quantileInterval,
  survivalQuantile,
} from "../../../src/analysis/statistics/kaplan-meier.ts";
import { logRank } from "../../../src/analysis/statistics/log-rank.ts";

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

  it("has nothing to say where no end was seen", () => {
    expect(logRank(weeks([-5, -6]), weeks([-7]))).toBeNull();
    expect(logRank(weeks([3]), weeks([-1]))).toBeNull();
  });
});
