import { expect, test } from "vitest";
import { milliseconds, origin } from "../../../src/base/time.ts";
import { ServerState } from "../../../src/clients/kubernetes/server-state.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const never = new AbortController().signal;

/** A server that answered a pulse at the origin and is heard of again so much later. */
async function heardAfter(ms: number): Promise<{ clock: VirtualClock; state: ServerState }> {
  const clock = new VirtualClock();
  const state = new ServerState(clock);
  state.answered(origin, origin);
  await clock.runUntilSettled(clock.sleep(milliseconds(ms), never));
  return { clock, state };
}

test("what comes while pulses come back in time was sent just now", async () => {
  const { clock, state } = await heardAfter(200);
  expect(state.stopped()).toBe(false);
  state.pulses(clock.now());
  expect(state.stopped()).toBe(false);
});

test("what comes while a pulse is under way for long may have been sent long ago", async () => {
  const { clock, state } = await heardAfter(100);
  state.pulses(clock.now());
  await clock.runUntilSettled(clock.sleep(milliseconds(51), never));
  expect(state.stopped()).toBe(true);
});

test("what is read first when this process was held up may have lain there since", async () => {
  const { clock, state } = await heardAfter(3000);
  // Node runs its timers before it reads: the pulse that was due has just been sent.
  state.pulses(clock.now());
  expect(state.stopped()).toBe(true);
  state.answered(clock.now(), clock.now());
  expect(state.stopped()).toBe(false);
});
