import { DateTime } from "luxon";
import { reasonOf } from "../../src/base/abort.ts";
import { OperatingError } from "../../src/base/errors.ts";
import type { Duration, Instant } from "../../src/base/time.ts";
import { inSeconds, sinceOrigin, zero } from "../../src/base/time.ts";
import type { Clock } from "../../src/contracts/clock.ts";
import { EventQueue } from "../../src/twin/event-queue.ts";

/** A clock that stands still until it is told to go on: waits of hours pass in no time. */
export class VirtualClock implements Clock {
  readonly speed = 1;
  readonly floor = { deadline: zero, period: zero, lateness: zero };
  readonly queue = new EventQueue();
  readonly #originWall: DateTime;

  constructor(originWall = "2026-01-01T00:00:00.000Z") {
    this.#originWall = DateTime.fromISO(originWall, { zone: "utc" });
  }

  now(): Instant {
    return this.queue.now();
  }

  wall(): DateTime {
    return this.#originWall.plus({ seconds: inSeconds(sinceOrigin(this.now())) });
  }

  async sleep(duration: Duration, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    await new Promise<void>((resolve, reject) => {
      const onAbort = (): void => {
        cancel();
        reject(reasonOf(signal));
      };
      const cancel = this.queue.after(duration, () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      });
      signal.addEventListener("abort", onAbort, { once: true });
    });
  }

  timeout(duration: Duration): AbortSignal {
    const controller = new AbortController();
    if (Number.isFinite(duration)) {
      this.queue.after(duration, () => {
        controller.abort(new OperatingError("timed-out", "no answer in time (virtual)"));
      });
    }
    return controller.signal;
  }

  /** Lets pending promises settle, then runs the next event, until `promise` has settled. */
  async runUntilSettled<T>(promise: Promise<T>, maximumEvents = 100_000): Promise<T> {
    const settled: true[] = [];
    const watched = promise.finally(() => settled.push(true));
    watched.catch(() => undefined);
    const pending = (): boolean => settled.length === 0;
    for (let count = 0; pending() && count < maximumEvents; count++) {
      for (let turn = 0; turn < 20; turn++) await Promise.resolve();
      await new Promise((resolve) => {
        setImmediate(resolve);
      });
      if (pending()) this.queue.step();
    }
    return await watched;
  }
}
