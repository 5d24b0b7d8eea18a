import { DateTime } from "luxon";
import { OperatingError } from "../base/errors.ts";
import type { Duration, Instant } from "../base/time.ts";
import {
  at,
  formatDuration,
  inMs,
  inSeconds,
  longer,
  milliseconds,
  nanoseconds,
  sinceOrigin,
  times,
} from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { LabOrigin } from "../model/lab.ts";
import { sleepReal, timeoutReal } from "./real-time.ts";

/**
 * An attempt over loopback, TLS and JavaScript included, is given at least this much real time. It takes 5 to 30 ms on an
 * idle machine; a busy one showed false failures at 100 ms. Longer costs nothing but sockets, since attempts do not wait
 * for one another.
 */
const REAL_DEADLINE_FLOOR_MS = 250;
/** The least real distance of two points of a grid that one process can keep while it also does everything else. */
const REAL_PERIOD_FLOOR_MS = 20;
/**
 * How late a lab's process may run an event of its twin, and so show it. Measured over thesis studies at speed 60 on two
 * cores that also had other work, 2,300 events each: median 0.6 ms, p99 6 ms, p99.9 16, 16 and 36 ms. A lab tells when it was later.
 */
const REAL_LATENESS_MS = 20;

/**
 * A lab's clock: one lab second lasts 1/speed real seconds. Every process on the machine that knows the origin reads
 * the same time, since all read one monotonic clock. It divides waits, not the computer's work, hence the floors.
 */
export class ScaledClock implements Clock {
  readonly speed: number;
  readonly floor: Clock["floor"];
  readonly #origin: bigint;
  readonly #originWall: DateTime;

  constructor(origin: Pick<LabOrigin, "speed" | "origin_hrtime_ns" | "origin_wall">) {
    this.speed = origin.speed;
    this.#origin = BigInt(origin.origin_hrtime_ns);
    this.#originWall = DateTime.fromISO(origin.origin_wall, { zone: "utc" });
    const scaled = origin.speed === 1 ? 0 : origin.speed;
    this.floor = {
      deadline: milliseconds(REAL_DEADLINE_FLOOR_MS * scaled),
      period: milliseconds(REAL_PERIOD_FLOOR_MS * scaled),
      lateness: milliseconds(REAL_LATENESS_MS * origin.speed),
    };
  }

  now(): Instant {
    return at(times(nanoseconds(Number(process.hrtime.bigint() - this.#origin)), this.speed));
  }

  wall(): DateTime {
    return this.#originWall.plus({ seconds: inSeconds(sinceOrigin(this.now())) });
  }

  async sleep(duration: Duration, signal: AbortSignal): Promise<void> {
    await sleepReal(inMs(duration) / this.speed, signal);
  }

  timeout(duration: Duration): AbortSignal {
    const held = longer(duration, this.floor.deadline);
    return timeoutReal(
      inMs(held) / this.speed,
      () => new OperatingError("timed-out", `no answer within ${formatDuration(held)} (lab time)`),
    );
  }
}
