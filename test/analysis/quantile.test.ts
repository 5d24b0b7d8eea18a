import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  ascending,
  mean,
  median,
  quantile,
  standardDeviation,
  statistic,
} from "../../src/analysis/quantile.ts";
import { statisticNames } from "../../src/model/experiment.ts";

/** The thesis's measured seconds, Proxmox VE and Kubernetes. */
const proxmox = [133, 144, 134, 134, 135, 145, 136, 134, 135, 134];
const kubernetes = [43, 47, 41, 44, 45, 49, 51, 45, 54, 44];

describe("quantile", () => {
  it("agrees with numpy.percentile's default (R-7)", () => {
    const one = [1, 2, 3, 4];
    expect([0, 0.25, 0.5, 0.75, 0.9, 1].map((p) => quantile(one, p))).toEqual([
      1, 1.75, 2.5, 3.25, 3.7, 4,
    ]);
    const other = [15, 20, 35, 40, 50];
    expect(quantile(other, 0.4)).toBeCloseTo(29, 12);
    expect(quantile(other, 0.05)).toBeCloseTo(16, 12);
  });

  it("gives the thesis's figures by hand", () => {
    expect(median(proxmox)).toBe(134.5);
    expect(quantile(ascending(proxmox), 0.9)).toBeCloseTo(144.1, 10);
    expect(quantile(ascending(proxmox), 0.95)).toBeCloseTo(144.55, 10);
    expect(median(kubernetes)).toBe(45);
    expect(quantile(ascending(kubernetes), 0.9)).toBeCloseTo(51.3, 10);
    expect(quantile(ascending(kubernetes), 0.95)).toBeCloseTo(52.65, 10);
  });

  it("is the only value of one, and reaches infinity only where infinity has weight", () => {
    expect(quantile([7], 0.95)).toBe(7);
    expect(quantile([1, 2, Infinity], 0.5)).toBe(2);
    expect(quantile([1, 2, Infinity], 0.6)).toBe(Infinity);
    expect(quantile([1, Infinity, Infinity], 0.9)).toBe(Infinity);
  });

  it("lies between the extremes, ascends with p, and moves with its values", () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), {
      minLength: 1,
      maxLength: 40,
    });
    const share = fc.double({ min: 0, max: 1, noNaN: true });
    fc.assert(
      fc.property(values, share, share, (drawn, p, q) => {
        const sorted = ascending(drawn);
        const [low, high] = [quantile(sorted, Math.min(p, q)), quantile(sorted, Math.max(p, q))];
        expect(low).toBeLessThanOrEqual(high + 1e-6);
        expect(low).toBeGreaterThanOrEqual(Math.min(...drawn) - 1e-6);
        expect(high).toBeLessThanOrEqual(Math.max(...drawn) + 1e-6);
      }),
      { seed: 1 },
    );
  });
});

describe("statistic", () => {
  it("grows with its values, so that ends of intervals give ends of the statistic", () => {
    const pairs = fc.array(fc.tuple(fc.nat(1e6), fc.nat(1e5)), { minLength: 1, maxLength: 30 });
    fc.assert(
      fc.property(pairs, fc.constantFrom(...statisticNames), (drawn, name) => {
        const low = statistic(
          name,
          drawn.map(([value]) => value),
        );
        const high = statistic(
          name,
          drawn.map(([value, more]) => value + more),
        );
        expect(low).toBeLessThanOrEqual(high + 1e-6);
      }),
      { seed: 2 },
    );
  });
});

describe("standardDeviation", () => {
  it("divides by n - 1", () => {
    expect(standardDeviation([2, 4, 4, 4, 5, 5, 7, 9])).toBeCloseTo(Math.sqrt(32 / 7), 12);
    expect(mean(proxmox)).toBeCloseTo(136.4, 12);
    expect(standardDeviation(proxmox)).toBeCloseTo(4.351245, 6);
    expect(mean(kubernetes)).toBeCloseTo(46.3, 12);
    expect(standardDeviation(kubernetes)).toBeCloseTo(3.973523, 6);
  });
});
