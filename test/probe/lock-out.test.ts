import { describe, expect, it } from "vitest";
import { after, origin, seconds } from "../../src/base/time.ts";
import type { Instant } from "../../src/base/time.ts";
import type { SampleResult } from "../../src/model/sample.ts";
import type { Refusal } from "../../src/probe/attempt-failure.ts";
import { LockOut } from "../../src/probe/lock-out.ts";

const second = (count: number): Instant => after(origin, seconds(count));
const good: SampleResult = { kind: "good", instance: "a" };
const rfb: SampleResult = {
  kind: "bad",
  reached: "websocket",
  failure: { kind: "rfb", detail: "Too many security failures" },
};
const refused: SampleResult = { kind: "bad", reached: null, failure: { kind: "refused" } };
const selfInflicted = expect.objectContaining({
  kind: "unobserved",
  why: "self-inflicted",
}) as object;

const outcome = (time: number, result: SampleResult, refusal: Refusal | null = null) => ({
  ended: second(time),
  result,
  refusal,
  held: false,
});
const heldOutcome = (time: number, result: SampleResult) => ({
  ...outcome(time, result),
  held: true,
});

describe("LockOut", () => {
  it("changes nothing while nobody complains", () => {
    const lock = new LockOut();
    expect(lock.judge(outcome(1, good))).toBe(good);
    expect(lock.judge(outcome(2, rfb))).toBe(rfb);
    expect(lock.holds(second(3))).toBe(false);
  });

  it("backs off when it is locked out, until a good sample, and twice as long when that was too short", () => {
    const lock = new LockOut();
    expect(lock.judge(outcome(1, rfb, "locked-out"))).toEqual(selfInflicted);
    expect(lock.holds(second(10.9))).toBe(true);
    expect(lock.judge(heldOutcome(5, good))).toEqual(selfInflicted);
    expect(lock.holds(second(11))).toBe(false);
    expect(lock.judge(outcome(11, rfb, "locked-out"))).toEqual(selfInflicted);
    expect(lock.holds(second(30.9))).toBe(true);
    expect(lock.holds(second(31))).toBe(false);
    expect(lock.judge(outcome(31, rfb))).toEqual(selfInflicted);
    expect(lock.judge(outcome(32, good))).toBe(good);
    expect(lock.judge(outcome(33, rfb))).toBe(rfb);
  });

  it("forgets no grudge for an attempt that waited in vain for its turn", () => {
    const lock = new LockOut();
    const waited = { kind: "timed-out", during: "rfb" } as const;
    lock.judge(outcome(1, rfb, "locked-out"));
    const inVain = outcome(12, { kind: "bad", reached: "http", failure: waited });
    expect(lock.judge(inVain)).toEqual(selfInflicted);
  });

  it("does not back off twice for attempts that were under way together", () => {
    const lock = new LockOut();
    for (const time of [1, 1.1, 1.2]) lock.judge(outcome(time, rfb, "locked-out"));
    expect(lock.holds(second(11))).toBe(false);
  });

  it("still sees a dead desktop, and forgets the grudge of a server that is gone", () => {
    const lock = new LockOut();
    lock.judge(outcome(1, rfb, "locked-out"));
    expect(lock.judge(heldOutcome(2, refused))).toBe(refused);
    expect(lock.holds(second(3))).toBe(false);
    expect(lock.judge(outcome(3, rfb))).toBe(rfb);
  });

  it("reports a wrong password once as what it is, then holds back", () => {
    const lock = new LockOut();
    expect(lock.judge(outcome(1, rfb, "not-admitted"))).toBe(rfb);
    expect(lock.holds(second(2))).toBe(true);
    expect(lock.judge(heldOutcome(2, good))).toEqual(selfInflicted);
  });

  it("takes a missing VNC server for what it is", () => {
    const lock = new LockOut();
    lock.judge(outcome(1, rfb, "locked-out"));
    const down: SampleResult = {
      kind: "bad",
      reached: "websocket",
      failure: { kind: "websocket-close", code: 1011, reason: "" },
    };
    expect(lock.judge(outcome(12, down))).toBe(down);
  });
});
