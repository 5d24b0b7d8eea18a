import { describe, expect, it } from "vitest";
import { fisherExact } from "../../../src/analysis/statistics/fisher-exact.ts";

describe("fisherExact", () => {
  it.each([
    // The lady tasting tea, and others, as the ways to deal the hits out, counted by whole numbers.
    { one: [3, 4], other: [1, 4], p: 34 / 70 },
    { one: [0, 10], other: [2, 2], p: 1 / 66 },
    { one: [2, 2], other: [0, 2], p: 2 / 6 },
    { one: [0, 10], other: [0, 2], p: 1 },
    { one: [10, 10], other: [2, 2], p: 1 },
    { one: [0, 0], other: [2, 5], p: 1 },
    { one: [8, 10], other: [1, 6], p: 400 / 11_440 },
  ])("of $one against $other is $p", ({ one, other, p }) => {
    const [a, b] = [one, other].map(([hits = 0, of = 0]) => ({ hits, of }));
    if (a === undefined || b === undefined) throw new Error("no shares");
    expect(fisherExact(a, b)).toBeCloseTo(p, 12);
    expect(fisherExact(b, a)).toBeCloseTo(p, 12);
  });

  it("counts thousands", () => {
    expect(fisherExact({ hits: 300, of: 1000 }, { hits: 300, of: 1000 })).toBeCloseTo(1, 9);
    const far = fisherExact({ hits: 300, of: 1000 }, { hits: 600, of: 1000 });
    expect(far).toBeGreaterThan(0);
    expect(far).toBeLessThan(1e-30);
  });
});
