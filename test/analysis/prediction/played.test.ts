import { describe, expect, it } from "vitest";
import { ageDrawn } from "../../../src/analysis/prediction/age-drawn.ts";
import { central } from "../../../src/analysis/prediction/central.ts";
import { SeededRandom } from "../../../src/platform/seeded-random.ts";

describe("central", () => {
  it("of few values is all of them, and of many leaves as many out at either end", () => {
    expect(central([3, 1, 2])).toEqual([1, 3]);
    const values = Array.from({ length: 399 }, (_, index) => index + 1);
    // The 10th of 399 from either end: the next one lies between them with (400 - 20) / 400 = 95 %.
    expect(central(values)).toEqual([10, 390]);
  });

  it("holds the next value with 95 % or more", () => {
    const random = new SeededRandom(1);
    let inside = 0;
    const tries = 4000;
    for (let index = 0; index < tries; index++) {
      const [low, high] = central(Array.from({ length: 100 }, () => random.next()));
      const next = random.next();
      if (next >= low && next <= high) inside++;
    }
    expect(inside / tries).toBeGreaterThan(0.945);
  });
});

const draw = (age: readonly [number, number] | null, since = 0): readonly number[] => {
  const random = new SeededRandom(1);
  return Array.from({ length: 200 }, () =>
    ageDrawn({ age, round: 10_000, shows: 1000, since }, random),
  ).filter((each) => each !== null);
};

describe("ageDrawn", () => {
  it("lies in what is known, aged by the time since then", () => {
    const ages = draw([2000, 3000], 500);
    expect(Math.min(...ages)).toBeGreaterThanOrEqual(2500);
    expect(Math.max(...ages)).toBeLessThanOrEqual(3500);
    expect(draw(null)).toEqual([]);
  });

  it("begins anew with the next round, which may not have shown yet", () => {
    expect(Math.max(...draw([9000, 9500], 1500))).toBeLessThanOrEqual(1000);
    const ages = draw([9500, 12_000]);
    // What showed is at most a round and the time until a round shows old.
    expect(ages.every((age) => age <= 1000 || age >= 9500)).toBe(true);
  });
});
