import { describe, expect, it } from "vitest";
import { between, inMs, milliseconds, seconds } from "../../src/base/time.ts";
import { ScaledClock } from "../../src/platform/scaled-clock.ts";

const origin = (speed: number): ConstructorParameters<typeof ScaledClock>[0] => ({
  speed,
  origin_hrtime_ns: process.hrtime.bigint().toString(),
  origin_wall: "2026-01-01T00:00:00.000Z",
});
const never = new AbortController().signal;

describe("ScaledClock", () => {
  it("lets a lab second last 1/speed real seconds, in sleep as in now and wall", async () => {
    const clock = new ScaledClock(origin(100));
    const start = clock.now();
    await clock.sleep(seconds(2), never);
    expect(inMs(between(start, clock.now()))).toBeGreaterThanOrEqual(1900);
    expect(clock.wall().toMillis()).toBeGreaterThan(Date.parse("2026-01-01T00:00:01.900Z"));
  });

  it("reads the same time in two clocks of one origin", () => {
    const shared = origin(60);
    const [a, b] = [new ScaledClock(shared), new ScaledClock(shared)];
    expect(Math.abs(inMs(between(a.now(), b.now())))).toBeLessThan(1000);
  });

  it("keeps deadlines and periods above what the machine can do, and says so", () => {
    const fast = new ScaledClock(origin(60));
    expect(fast.floor.deadline).toBe(seconds(15));
    expect(fast.floor.period).toBe(milliseconds(1200));
    expect(new ScaledClock(origin(1)).floor.deadline).toBe(0);
  });

  it("ends a sleep with the signal's own reason", async () => {
    const stop = new AbortController();
    const sleeping = new ScaledClock(origin(1)).sleep(seconds(60), stop.signal);
    stop.abort(new Error("enough"));
    await expect(sleeping).rejects.toThrow("enough");
  });
});
