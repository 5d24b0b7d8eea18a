import { describe, it } from "vitest";
import { expectCoverage } from "./coverage.ts";
import { formulaArms } from "./formula-truths.ts";
import { playedArms } from "./played-truths.ts";

const SEEDS = Array.from({ length: 20 }, (_, index) => 5000 + index);
/** One of twenty is outside by chance, and more than three are in one of sixty such series; 2,000 are held to 5 %. */
const MOST_OUTSIDE = 3;

/** Two thousand failovers for each: two seconds of work, and more where others are at work too. */
const PATIENCE_MS = 120_000;

describe("a trial's prediction", () => {
  it.each(formulaArms)(
    "holds 95 % of what the closed formulas say: $name",
    (arm) => {
      expectCoverage(arm, SEEDS, MOST_OUTSIDE);
    },
    PATIENCE_MS,
  );

  it.each(playedArms)(
    "holds 95 % of what then happens, and is narrow: $name",
    (arm) => {
      expectCoverage(arm, SEEDS, MOST_OUTSIDE);
    },
    PATIENCE_MS,
  );
});
