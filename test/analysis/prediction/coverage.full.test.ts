import { describe, it } from "vitest";
import { expectCoverage } from "./coverage.ts";
import { arms } from "./truths.ts";

const SEEDS = Array.from({ length: 2000 }, (_, index) => 1 + index);

describe("a trial's prediction, 2,000 times", () => {
  it.each(arms)("holds 95 % of what then happens, and is narrow: $name", (arm) => {
    expectCoverage(arm, SEEDS);
  });
});
