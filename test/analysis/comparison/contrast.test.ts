import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contrast } from "../../../src/analysis/comparison/contrast.ts";
import type { MeasureValues } from "../../../src/model/contrast.ts";

/** Seconds, each give or take half of `width`; those behind "longer" are bounds. */
const values = (
  seconds: readonly number[],
  {
    longer = [],
    width = 0.2,
  }: { readonly longer?: readonly number[]; readonly width?: number } = {},
): MeasureValues => ({
  values_ms: seconds.map((each) => [(each - width / 2) * 1000, (each + width / 2) * 1000]),
  longer_than_ms: longer.map((each) => each * 1000),
});

const fast = [41, 42, 43, 44, 45, 46, 47, 48, 49, 50];
const slow = fast.map((each) => each + 20);

describe("contrast", () => {
  it("calls an arm slower by the Hodges-Lehmann shift when its whole interval lies above nought", () => {
    const found = contrast("recovery", values(slow), values(fast));
    expect(found).toMatchObject({ n: [10, 10], censored: [0, 0], verdict: "slower" });
    expect(found.shift_ms).toBeCloseTo(20_000, 6);
    expect(found.interval_ms?.[0]).toBeGreaterThan(15_000);
    expect(found.test).toMatchObject({ name: "mann-whitney", method: "exact" });
    expect(found.test?.p).toBeLessThan(0.001);
    expect(found.cliffs_delta?.value).toBe(1);
    expect(contrast("recovery", values(fast), values(slow)).verdict).toBe("faster");
  });

  it("has no evidence where the trials' own intervals could hide the difference", () => {
    const near = fast.map((each) => each + 4.5);
    const sharp = contrast("outage", values(near, { width: 0.1 }), values(fast, { width: 0.1 }));
    const blurred = contrast("outage", values(near, { width: 4 }), values(fast, { width: 4 }));
    expect(sharp.verdict).toBe("slower");
    expect(blurred).toMatchObject({ verdict: "no-evidence", shift_ms: sharp.shift_ms });
    expect(blurred.test?.p_largest).toBeGreaterThan(0.05);
  });

  it("says nothing of too few trials, and of none", () => {
    const few = contrast("recovery", values([1, 2, 3]), values([101, 102, 103]));
    expect(few).toMatchObject({ verdict: "no-evidence", interval_ms: null });
    expect(few.shift_ms).toBeCloseTo(100_000 * -1, 6);
    expect(contrast("recovery", values([]), values(fast))).toMatchObject({
      n: [0, 10],
      verdict: "no-evidence",
      test: null,
      interval_ms: null,
    });
  });

  it("uses the log-rank test where trials are censored, and bounds the shift", () => {
    const lost = fast.map(() => 600);
    const found = contrast("recovery", values([], { longer: lost }), values(fast));
    expect(found).toMatchObject({
      n: [10, 10],
      censored: [10, 0],
      verdict: "slower",
      shift_ms: null,
      cliffs_delta: null,
      test: { name: "log-rank", method: "exact" },
    });
    // Even the shortest that the lost ones may have been is 600 s.
    expect(found.interval_ms?.[0]).toBeGreaterThan(550_000);
    expect(found.interval_ms?.[1]).toBeNull();
    expect(contrast("recovery", values(fast), values([], { longer: lost })).verdict).toBe("faster");
  });

  it.each([
    [values([41]), values([42, 43, 44], { longer: [600] })],
    [values([41, 42]), values([], { longer: [600, 600, 600] })],
    [values([41, 42, 43]), values([], { longer: [600, 600, 600] })],
    [values([41, 42, 43]), values([], { longer: [600, 600, 600, 600] })],
  ])(
    "has no evidence of so few trials that chance alone would often share them out so",
    (few, lost) => {
      for (const found of [contrast("recovery", few, lost), contrast("recovery", lost, few)]) {
        expect(found.verdict).toBe("no-evidence");
        expect(found.test?.method).toBe("exact");
        expect(found.test?.p).toBeGreaterThan(0.05);
      }
    },
  );

  it("has a largest p of 1 where the trials' own intervals could turn the difference about", () => {
    const near = fast.map((each) => each + 0.5);
    const blurred = [values(near, { width: 30 }), values(fast, { width: 30 })] as const;
    const [own, other] = blurred;
    expect(contrast("recovery", own, other).test?.p_largest).toBe(1);
    const bound = { longer_than_ms: [600_000] };
    const censored = contrast("recovery", { ...own, ...bound }, { ...other, ...bound });
    expect(censored).toMatchObject({
      verdict: "no-evidence",
      test: { name: "log-rank", p_largest: 1 },
    });
  });

  it("keeps both ends of the shift where few trials are censored", () => {
    const found = contrast("recovery", values(slow.slice(1), { longer: [80] }), values(fast));
    expect(found.shift_ms).toBeNull();
    expect(found.interval_ms?.[0]).toBeGreaterThan(0);
    expect(found.interval_ms?.[1]).toBeGreaterThan(20_000);
  });

  it("has nothing to test where all trials of both are censored", () => {
    const lost = values([], { longer: [60, 60, 60, 60] });
    expect(contrast("recovery", lost, lost)).toMatchObject({
      verdict: "no-evidence",
      test: null,
      interval_ms: [null, null],
    });
  });

  it("turns about with its sides, and is plain JSON", () => {
    const side = fc.record({
      values_ms: fc.array(
        fc
          .tuple(fc.integer({ min: 0, max: 500 }), fc.integer({ min: 0, max: 50 }))
          .map(([low, width]) => [low, low + width] as const),
        { maxLength: 8 },
      ),
      longer_than_ms: fc.array(fc.integer({ min: 0, max: 600 }), { maxLength: 3 }),
    });
    const turned = { faster: "slower", slower: "faster", "no-evidence": "no-evidence" } as const;
    fc.assert(
      fc.property(side, side, (one, other) => {
        const [there, back] = [contrast("outage", one, other), contrast("outage", other, one)];
        expect(back.verdict).toBe(turned[there.verdict]);
        expect(back.test?.p ?? 0).toBeCloseTo(there.test?.p ?? 0, 9);
        expect(JSON.parse(JSON.stringify(there))).toEqual(there);
        const [low, high] = there.interval_ms ?? [null, null];
        expect(back.interval_ms ?? [null, null]).toEqual([
          high === null ? null : -high + 0,
          low === null ? null : -low + 0,
        ]);
      }),
      { seed: 3, numRuns: 200 },
    );
  });
});
