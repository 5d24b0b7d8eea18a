import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nearest } from "../../src/config/nearest.ts";
import { parseDuration } from "../../src/config/schema/parse-duration.ts";

describe("parseDuration", () => {
  it.each([
    ["250ms", 250],
    ["90s", 90_000],
    ["5m", 300_000],
    ["1h", 3_600_000],
    ["1.5s", 1500],
    ["1m30s", 90_000],
    ["0s", 0],
  ])("%s is %d ms", (text, value) => {
    expect(parseDuration(text)).toEqual({ value });
  });

  it.each(["", "s", "-1s", "1 s", "1d", "1e3s", "1.s", ".5s", "ms1", "١s"])(
    "%j is refused",
    (text) => {
      expect(parseDuration(text)).toHaveProperty("problem");
    },
  );

  it("never throws, and gives a finite number or a problem", () => {
    fc.assert(
      fc.property(fc.string(), (text) => {
        const result = parseDuration(text);
        expect("problem" in result || Number.isFinite(result.value)).toBe(true);
      }),
      { seed: 1 },
    );
  });
});

describe("nearest", () => {
  it.each([
    ["powr", "power"],
    ["POWER", "power"],
    ["crm", "crm-master"],
    ["zzzzzz", null],
  ])("%s: %s", (word, expected) => {
    expect(nearest(word, ["power", "sysrq", "crm-master"])).toBe(expected);
  });
});
