import { describe, expect, it } from "vitest";
import { MannersOfTrials } from "../../src/probe/manners.ts";

describe("MannersOfTrials", () => {
  it("are those of all who enter one desktop, before its watch, beside it and after", () => {
    const trials = new MannersOfTrials();
    const before = trials.of("001");
    expect(trials.watched("001")).toBe(before);
    expect(trials.of("001")).toBe(before);
    expect(trials.of("002")).not.toBe(before);
  });

  it("are new ones for a second watch, which has another desktop", () => {
    const trials = new MannersOfTrials();
    const first = trials.watched("001");
    const second = trials.watched("001");
    expect(second).not.toBe(first);
    expect(trials.of("001")).toBe(second);
  });

  it("are kept of the latest trials only", () => {
    const trials = new MannersOfTrials();
    const first = trials.of("000");
    for (let trial = 1; trial <= 15; trial++) trials.of(`${trial}`);
    expect(trials.of("000")).toBe(first);
    trials.of("16");
    expect(trials.of("000")).not.toBe(first);
  });
});
