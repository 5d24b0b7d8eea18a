import { DateTime } from "luxon";
import { OperatingError } from "../base/errors.ts";
import type { Duration, Instant } from "../base/time.ts";
import { at, formatDuration, inMs, nanoseconds, zero } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import { sleepReal, timeoutReal } from "./real-time.ts";

/** The machine's own monotonic clock, for real clusters. Its origin is its creation. */
export class SystemClock implements Clock {
  readonly speed = 1;
  readonly floor = { deadline: zero, period: zero, lateness: zero };
  readonly #origin = process.hrtime.bigint();

  now(): Instant {
    return at(nanoseconds(Number(process.hrtime.bigint() - this.#origin)));
  }

  wall(): DateTime {
    return DateTime.utc();
  }

  async sleep(duration: Duration, signal: AbortSignal): Promise<void> {
    await sleepReal(inMs(duration), signal);
  }

  timeout(duration: Duration): AbortSignal {
    return timeoutReal(
      inMs(duration),
      () => new OperatingError("timed-out", `no answer within ${formatDuration(duration)}`),
    );
  }
}
