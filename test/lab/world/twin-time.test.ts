import { expect, test } from "vitest";
import { inSeconds, milliseconds, seconds, sinceOrigin } from "../../../src/base/time.ts";
import { TwinPump } from "../../../src/lab/world/twin-time.ts";
import { ScaledClock } from "../../../src/platform/scaled-clock.ts";

const fastClock = (): ScaledClock =>
  new ScaledClock({
    speed: 60,
    origin_hrtime_ns: process.hrtime.bigint().toString(),
    origin_wall: "2026-01-01T00:00:00.000Z",
  });

const wait = async (ms: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, ms));
};

test("events run as lab time passes, each at its exact instant", async () => {
  const pump = new TwinPump(fastClock());
  const seen: number[] = [];
  for (const due of [1, 2, 2.5]) {
    pump.queue.after(seconds(due), () => seen.push(inSeconds(sinceOrigin(pump.queue.now()))));
  }
  await wait(100);
  expect(seen).toEqual([1, 2, 2.5]);
  pump.close();
});

test("an event that is scheduled before the one waited for is not late", async () => {
  const clock = fastClock();
  const pump = new TwinPump(clock);
  let at = 0;
  pump.queue.after(seconds(3600), () => undefined);
  await wait(10);
  pump.catchUp();
  pump.queue.after(seconds(1), () => (at = inSeconds(sinceOrigin(clock.now()))));
  const due = inSeconds(sinceOrigin(pump.queue.now())) + 1;
  await wait(100);
  expect(at).toBeGreaterThanOrEqual(due);
  expect(at).toBeLessThan(due + 3);
  pump.close();
});

test("catchUp from within an event lets that event end before the next one runs", async () => {
  const pump = new TwinPump(fastClock());
  const order: string[] = [];
  pump.queue.after(milliseconds(10), () => {
    pump.catchUp();
    order.push("first");
  });
  pump.queue.after(milliseconds(11), () => order.push("second"));
  await wait(30);
  pump.catchUp();
  expect(order).toEqual(["first", "second"]);
  pump.close();
});

test("a closed pump runs nothing more", async () => {
  const pump = new TwinPump(fastClock());
  let ran = false;
  pump.queue.after(seconds(1), () => (ran = true));
  pump.close();
  pump.queue.after(seconds(0.5), () => (ran = true));
  await wait(60);
  expect(ran).toBe(false);
});

test("a pump that is kept from its events tells which came later than its clock allows, and by how much", () => {
  const clock = fastClock();
  const late: [due_s: number, by_s: number][] = [];
  const pump = new TwinPump(clock, (due, by) =>
    late.push([inSeconds(sinceOrigin(due)), inSeconds(by)]),
  );
  pump.queue.after(seconds(1), () => undefined);
  pump.queue.after(seconds(1.5), () => undefined);
  while (inSeconds(sinceOrigin(clock.now())) < 4) {
    // The event loop is held, as a busy machine holds it.
  }
  pump.catchUp();
  expect(late).toEqual([[1, expect.closeTo(3, 0)]]);
  expect(pump.lateness().times).toBe(1);
  expect(inSeconds(pump.lateness().worst)).toBeCloseTo(3, 0);
  pump.forgetLateness();
  expect(pump.lateness().times).toBe(0);
  pump.close();
});
