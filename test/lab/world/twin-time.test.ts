import { expect, test } from "vitest";
import type { Instant } from "../../../src/base/time.ts";
import {
  after,
  inSeconds,
  milliseconds,
  origin,
  seconds,
  sinceOrigin,
  zero,
} from "../../../src/base/time.ts";
import { TwinPump } from "../../../src/lab/world/twin-time.ts";
import { clockBut } from "../../support/clock-but.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const inLabSeconds = (instant: Instant): number => inSeconds(sinceOrigin(instant));

/** Lets the clock go on by so much. */
async function pass(clock: VirtualClock, lab_s: number): Promise<void> {
  await clock.runUntilSettled(clock.sleep(seconds(lab_s), new AbortController().signal));
}

test("events run as lab time passes, each at its exact instant", async () => {
  const clock = new VirtualClock();
  const pump = new TwinPump(clock);
  const seen: (readonly [number, number])[] = [];
  for (const due of [1, 2, 2.5]) {
    pump.queue.after(seconds(due), () =>
      seen.push([inLabSeconds(pump.queue.now()), inLabSeconds(clock.now())]),
    );
  }
  await pass(clock, 2.2);
  expect(seen).toEqual([
    [1, 1],
    [2, 2],
  ]);
  await pass(clock, 1);
  expect(seen.at(-1)).toEqual([2.5, 2.5]);
  pump.close();
});

test("an event that is scheduled before the one waited for is not late", async () => {
  const clock = new VirtualClock();
  const pump = new TwinPump(clock);
  const ran: number[] = [];
  pump.queue.after(seconds(3600), () => undefined);
  await pass(clock, 10);
  pump.catchUp();
  pump.queue.after(seconds(1), () => ran.push(inLabSeconds(clock.now())));
  await pass(clock, 5);
  expect(ran).toEqual([11]);
  pump.close();
});

test("catchUp from within an event lets that event end before the next one runs", async () => {
  const clock = new VirtualClock();
  const pump = new TwinPump(clock);
  const order: string[] = [];
  pump.queue.after(milliseconds(10), () => {
    pump.catchUp();
    order.push("first");
  });
  pump.queue.after(milliseconds(11), () => order.push("second"));
  await pass(clock, 1);
  expect(order).toEqual(["first", "second"]);
  pump.close();
});

test("a closed pump runs nothing more", async () => {
  const clock = new VirtualClock();
  const pump = new TwinPump(clock);
  let ran = false;
  pump.queue.after(seconds(1), () => (ran = true));
  pump.close();
  pump.queue.after(seconds(0.5), () => (ran = true));
  await pass(clock, 5);
  expect(ran).toBe(false);
});

test("a pump that is kept from its events tells which came later than its clock allows, and by how much", () => {
  let now = origin;
  const floor = { deadline: zero, period: zero, lateness: milliseconds(500) };
  const clock = clockBut({ now: () => now, floor });
  const late: (readonly [due_s: number, by_s: number])[] = [];
  const pump = new TwinPump(clock, (due, by) => late.push([inLabSeconds(due), inSeconds(by)]));
  pump.queue.after(seconds(1), () => undefined);
  pump.queue.after(seconds(1.5), () => undefined);
  pump.queue.after(seconds(6), () => undefined);
  now = after(origin, seconds(4));
  pump.catchUp();
  now = after(origin, seconds(6.5));
  pump.catchUp();
  expect(late).toEqual([[1, 3]]);
  expect(pump.lateness()).toEqual({ worst: seconds(3), times: 1 });
  pump.forgetLateness();
  expect(pump.lateness().times).toBe(0);
  pump.close();
});
