import { describe, expect, it } from "vitest";
import { middle, rangeBetween, spanOf, width } from "../../src/base/interval.ts";
import {
  after,
  between,
  formatDuration,
  instantFromMs,
  instantInMs,
  milliseconds,
  minutes,
  origin,
  seconds,
} from "../../src/base/time.ts";

describe("time", () => {
  it("reads back from files what was written, to the microsecond", () => {
    const instant = after(origin, seconds(123.456789));
    expect(between(instant, instantFromMs(instantInMs(instant)))).toBeLessThan(1000);
  });

  it("formats durations for people", () => {
    expect(formatDuration(milliseconds(250))).toBe("250 ms");
    expect(formatDuration(seconds(4.25))).toBe("4.25 s");
    expect(formatDuration(minutes(3))).toBe("3 min");
    expect(formatDuration(seconds(134.5))).toBe("2 min 14.5 s");
    expect(formatDuration(milliseconds(-5))).toBe("-5 ms");
  });
});

describe("intervals", () => {
  it("give the shortest and the longest duration between two uncertain instants", () => {
    const start = spanOf(instantFromMs(0), instantFromMs(10));
    const end = spanOf(instantFromMs(110), instantFromMs(100));
    const range = rangeBetween(start, end);
    expect(range).toEqual({ low: milliseconds(90), high: milliseconds(110) });
    expect(middle(range)).toBe(milliseconds(100));
    expect(width(range)).toBe(milliseconds(20));
  });
});
