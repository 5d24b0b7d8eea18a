import { describe, expect, it } from "vitest";
import { downTime } from "../../bench/peers/down-time.ts";
import type { Poll } from "../../bench/peers/methods.ts";

const method = { pause_ms: 1000, timeout_ms: 5000 };

/** A good poll takes 10 ms, a bad one its whole timeout. */
function polls(story: string): readonly Poll[] {
  let now = 0;
  return Array.from(story).map((letter) => {
    const good = letter === "+";
    const began_ns = now;
    const ended_ns = began_ns + (good ? 10e6 : method.timeout_ms * 1e6);
    now = ended_ns + method.pause_ms * 1e6;
    return { began_ns, ended_ns, good };
  });
}

describe("downTime", () => {
  it("counts each bad poll as one pause, whatever it took", () => {
    expect(downTime(polls("++--++"), method, "bad polls x pause")).toBe(2000);
  });

  it("takes the time from the last good poll to the first, as logged when they ended", () => {
    expect(downTime(polls("++--++"), method, "last good to first good")).toBe(13_010);
  });

  it("takes flaps for one outage, from the first of them to the last", () => {
    expect(downTime(polls("+-+-+"), method, "bad polls x pause")).toBe(2000);
    expect(downTime(polls("+-+-+"), method, "last good to first good")).toBe(14_020);
  });

  it("reports nothing where every poll was good, and no span where it never saw the return", () => {
    expect(downTime(polls("+++"), method, "bad polls x pause")).toBeNull();
    expect(downTime(polls("+++"), method, "last good to first good")).toBeNull();
    expect(downTime(polls("+--"), method, "last good to first good")).toBeNull();
  });
});
