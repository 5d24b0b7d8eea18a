import { describe, expect, it } from "vitest";
import type { Instant } from "../../src/base/time.ts";
import { inMs, instantFromMs, seconds } from "../../src/base/time.ts";
import { HeldBack } from "../../src/probe/attempt-failure.ts";
import { TicketPace } from "../../src/probe/ticket-pace.ts";

const SECOND = seconds(1);
const at = (ms: number): Instant => instantFromMs(ms);

describe("TicketPace", () => {
  it("lets attempts pass on their grid, a little early or late", () => {
    const pace = new TicketPace();
    for (const ms of [0, 1030, 1990, 3000, 4010]) {
      expect(() => pace.take(at(ms), SECOND)).not.toThrow();
    }
  });

  it("gives somebody else the next place, and holds back the attempt that would have had it", () => {
    const pace = new TicketPace();
    pace.take(at(0), SECOND);
    expect(inMs(pace.reserve(at(300), SECOND))).toBe(700);
    expect(() => pace.take(at(1000), SECOND)).toThrow(HeldBack);
    expect(() => pace.take(at(1995), SECOND)).not.toThrow();
  });

  it("lets nobody wait when the last ticket was long ago", () => {
    const pace = new TicketPace();
    pace.take(at(0), SECOND);
    expect(inMs(pace.reserve(at(1500), SECOND))).toBe(0);
    expect(() => pace.take(at(2400), SECOND)).not.toThrow();
  });

  it("lines up several who can wait, a second apart", () => {
    const pace = new TicketPace();
    const waits = [0, 0, 0].map((ms) => inMs(pace.reserve(at(ms + 5000), SECOND)));
    expect(waits).toEqual([0, 1000, 2000]);
  });
});
