import { describe, expect, it } from "vitest";
import { outageKinds } from "../../bench/player/outage.ts";
import { scheduleOf } from "../../bench/player/schedule.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";

const SEED = 20_261_130;
const parts = [
  { period_ms: 250, outages: 400, at_once: 40, longest_ms: 40_000 },
  { period_ms: 50, outages: 100, at_once: 10, longest_ms: 20_000 },
];

describe("scheduleOf", () => {
  for (const part of parts) {
    const outages = scheduleOf(part, new SeededRandom(SEED));
    it(`draws the same outages for the same seed, at ${part.period_ms} ms`, () => {
      expect(scheduleOf(part, new SeededRandom(SEED))).toEqual(outages);
      expect(scheduleOf(part, new SeededRandom(SEED + 1))).not.toEqual(outages);
    });

    it(`draws every kind about as often, at ${part.period_ms} ms`, () => {
      for (const kind of outageKinds) {
        const count = outages.filter((each) => each.kind === kind).length;
        expect(Math.abs(count - part.outages / outageKinds.length)).toBeLessThan(1);
      }
    });

    it(`leaves every outage long enough to be met, and every flap too short to count as back, at ${part.period_ms} ms`, () => {
      for (const { kind, downs } of outages) {
        for (const { down_ms } of downs) expect(down_ms).toBeGreaterThan(2 * part.period_ms);
        expect(downs.length > 1).toBe(kind === "flapping");
        for (const { up_before_ms } of downs.slice(1)) {
          expect(up_before_ms).toBeLessThan(2 * part.period_ms);
        }
      }
    });

    it(`has a hiccup before every outage, whose attempts hang until it begins, at ${part.period_ms} ms`, () => {
      for (const { hiccup, downs, answer_ms } of outages) {
        const well_ms = (downs[0]?.up_before_ms ?? 0) - answer_ms;
        expect(hiccup.down_ms).toBeGreaterThan(part.period_ms);
        expect(well_ms).toBeGreaterThan(6 * part.period_ms);
        expect(well_ms).toBeLessThan(2000);
        expect(hiccup.up_before_ms).toBeGreaterThan(1000);
      }
    });
  }
});
