import type { DateTime } from "luxon";
import type { Duration, Instant } from "../base/time.ts";
import { after } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";

/**
 * A clock whose origin lies earlier: a run that goes on in another process goes on with its time too, so that no instant of
 * its journal comes twice. Wall time and waits are the clock's own.
 */
export class ShiftedClock implements Clock {
  readonly speed: number;
  readonly floor: Clock["floor"];
  readonly #clock: Clock;
  readonly #shift: Duration;

  constructor(clock: Clock, shift: Duration) {
    this.speed = clock.speed;
    this.floor = clock.floor;
    this.#clock = clock;
    this.#shift = shift;
  }

  now(): Instant {
    return after(this.#clock.now(), this.#shift);
  }

  wall(): DateTime {
    return this.#clock.wall();
  }

  async sleep(duration: Duration, signal: AbortSignal): Promise<void> {
    await this.#clock.sleep(duration, signal);
  }

  timeout(duration: Duration): AbortSignal {
    return this.#clock.timeout(duration);
  }
}
