import { describe, expect, it } from "vitest";
import { bulkOf } from "../../src/analysis/bulk.ts";
import type { TrialResult } from "../../src/model/trial-result.ts";
import { after, censored } from "./trials.ts";

const seconds = (...values: readonly number[]): readonly TrialResult[] => values.map(after);

describe("where most recoveries lie", () => {
  it("is the shortest range of nine in ten", () => {
    const trials = seconds(144, 133, 134, 134, 135, 145, 136, 134, 135, 134);
    expect(bulkOf(trials)).toEqual({ trials: 9, of: 10, range_ms: [133_000, 144_000] });
    expect(bulkOf(seconds(90, 133, 134, 134, 135, 136, 136, 134, 135, 134))).toEqual({
      trials: 9,
      of: 10,
      range_ms: [133_000, 136_000],
    });
  });

  it("is all of them below ten, the lower of two that are as short, and none of none", () => {
    expect(bulkOf(seconds(50, 40, 45))).toEqual({ trials: 3, of: 3, range_ms: [40_000, 50_000] });
    expect(bulkOf(seconds(1, 2, 3, 4, 5, 6, 7, 8, 9, 10))?.range_ms).toEqual([1000, 9000]);
    expect(bulkOf([])).toBeNull();
  });

  it("counts recovered trials alone", () => {
    expect(bulkOf([...seconds(40), censored(900)])?.of).toBe(1);
  });
});
