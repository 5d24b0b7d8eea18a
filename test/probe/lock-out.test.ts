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
});

describe("LockOut", () => {
  it("changes nothing while nobody complains", () => {
    const lock = new LockOut();
    expect(lock.judge(outcome(1, good), false)).toBe(good);
    expect(lock.judge(outcome(2, rfb), false)).toBe(rfb);
    expect(lock.holds(second(3))).toBe(false);
  });

  it("backs off when it is locked out, until a good sample, and twice as long when that was too short", () => {
    const lock = new LockOut();
    expect(lock.judge(outcome(1, rfb, "locked-out"), false)).toEqual(selfInflicted);
    expect(lock.holds(second(10.9))).toBe(true);
    expect(lock.judge(outcome(5, good), true)).toEqual(selfInflicted);
    expect(lock.holds(second(11))).toBe(false);
    expect(lock.judge(outcome(11, rfb, "locked-out"), false)).toEqual(selfInflicted);
    expect(lock.holds(second(30.9))).toBe(true);
    expect(lock.holds(second(31))).toBe(false);
    expect(lock.judge(outcome(31, rfb), false)).toEqual(selfInflicted);
    expect(lock.judge(outcome(32, good), false)).toBe(good);
    expect(lock.judge(outcome(33, rfb), false)).toBe(rfb);
  });

  it("does not back off twice for attempts that were under way together", () => {
    const lock = new LockOut();
    for (const time of [1, 1.1, 1.2]) lock.judge(outcome(time, rfb, "locked-out"), false);
    expect(lock.holds(second(11))).toBe(false);
  });

  it("still sees a dead desktop, and forgets the grudge of a server that is gone", () => {
    const lock = new LockOut();
    lock.judge(outcome(1, rfb, "locked-out"), false);
    expect(lock.judge(outcome(2, refused), true)).toBe(refused);
    expect(lock.holds(second(3))).toBe(false);
    expect(lock.judge(outcome(3, rfb), false)).toBe(rfb);
  });

  it("reports a wrong password once as what it is, then holds back", () => {
    const lock = new LockOut();
    expect(lock.judge(outcome(1, rfb, "not-admitted"), false)).toBe(rfb);
    expect(lock.holds(second(2))).toBe(true);
    expect(lock.judge(outcome(2, good), true)).toEqual(selfInflicted);
  });

  it("takes a missing VNC server for what it is", () => {
    const lock = new LockOut();
    lock.judge(outcome(1, rfb, "locked-out"), false);
    const down: SampleResult = {
      kind: "bad",
      reached: "websocket",
      failure: { kind: "websocket-close", code: 1011, reason: "" },
    };
    expect(lock.judge(outcome(12, down), false)).toBe(down);
  });
});
