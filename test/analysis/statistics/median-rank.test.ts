import { describe, expect, it } from "vitest";
import { medianRank } from "../../../src/analysis/statistics/median-rank.ts";

describe("medianRank", () => {
  it("lies between the order statistics of the sign test's table, where those hold too much and too little", () => {
    // P(Bin(10, 1/2) <= 1) = 11/1024: the second to the ninth of ten hold the median with 97.9 %, the third to the eighth with 89.1 %.
    const tabled = [
      [6, 1],
      [8, 1],
      [9, 2],
      [10, 2],
      [12, 3],
      [15, 4],
      [20, 6],
      [25, 8],
      [40, 14],
    ] as const;
    for (const [n, k] of tabled) expect(Math.floor(medianRank(n) ?? 0), `n ${n}`).toBe(k);
    // By hand: I = (0.978516 - 0.95) / (0.978516 - 0.890625) = 0.32444; 8 I / (2 + 6 I) = 0.65766.
    expect(medianRank(10)).toBeCloseTo(2.65766, 4);
  });

  it("does not exist below six values, and does for a thousand", () => {
    expect([0, 1, 2, 3, 4, 5].map(medianRank)).toEqual([null, null, null, null, null, null]);
    expect(medianRank(1000)).toBeGreaterThan(468);
    expect(medianRank(1000)).toBeLessThan(471);
  });

  it("exists for so many that the chance of none below the median is too small for a number", () => {
    expect(0.5 ** 1075).toBe(0);
    for (const n of [1075, 20_000]) {
      const normal = (n + 1 - 1.959964 * Math.sqrt(n)) / 2;
      expect(Math.abs((medianRank(n) ?? 0) - normal), `n ${n}`).toBeLessThan(1);
    }
  });
});
