import * as fc from "fast-check";
import { expect, test } from "vitest";
import { scaleOver } from "../../../src/reporters/html/scale.ts";

test("scaleOver holds every value between few round ticks", () => {
  const values = fc.array(fc.double({ min: 0, max: 1e7, noNaN: true }), { maxLength: 20 });
  fc.assert(
    fc.property(values, fc.boolean(), (list, zero) => {
      const { low, high, ticks, place } = scaleOver(list, { zero });
      expect(ticks.length).toBeGreaterThanOrEqual(2);
      expect(ticks.length).toBeLessThanOrEqual(11);
      for (const value of list) {
        expect(value).toBeGreaterThanOrEqual(low - 1e-6);
        expect(value).toBeLessThanOrEqual(high + 1e-6);
        expect(place(value)).toMatch(/^\d{1,3}\.\d\d%$/u);
      }
    }),
    { seed: 3, numRuns: 300 },
  );
});

test("scaleOver keeps on the drawing what lies beyond it", () => {
  const scale = scaleOver([10, 100_000], { zero: true });
  expect([scale.place(-5), scale.place(1e9), scale.length(-50, 0)]).toEqual([
    "0.00%",
    "100.00%",
    "0.00%",
  ]);
});
