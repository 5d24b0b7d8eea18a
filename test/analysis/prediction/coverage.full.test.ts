import { describe, it } from "vitest";
import { expectCoverage } from "./coverage.ts";
import { formulaArms } from "./formula-truths.ts";
import { playedArms } from "./played-truths.ts";

const SEEDS = Array.from({ length: 2000 }, (_, index) => 1 + index);

describe("a trial's prediction, 2,000 times", () => {
  it.each(formulaArms)("holds 95 % of what the closed formulas say: $name", (arm) => {
    expectCoverage(arm, SEEDS, 0.05 * SEEDS.length);
  });

  it.each(playedArms)("holds 95 % of what then happens, and is narrow: $name", (arm) => {
    expectCoverage(arm, SEEDS, 0.05 * SEEDS.length);
  });
});
