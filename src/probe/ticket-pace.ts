import type { Duration, Instant } from "../base/time.ts";
import { after, before, between, later, origin, times } from "../base/time.ts";
import { HeldBack } from "./attempt-failure.ts";

/** An attempt comes a little sooner or later than its point of the grid. */
const JITTER = 0.1;

/**
 * When a console may be asked for tickets, each of which is a task on its cluster. Attempts come on a grid that is no
 * finer than that. Whoever else enters takes the next free place, and the attempt that would have had it is held back.
 */
export class TicketPace {
  #free: Instant = origin;
  #reserved: Instant = origin;

  /** For an attempt, which comes now or never. Throws `HeldBack` when its place is somebody else's. */
  take(now: Instant, apart: Duration): void {
    if (now < before(this.#reserved, times(apart, JITTER))) {
      throw new HeldBack("another session had its ticket, and each is a task on the cluster");
    }
    this.#free = later(this.#free, after(now, apart));
  }

  /** For somebody who can wait: how long it is until the place that is theirs from now on. */
  reserve(now: Instant, apart: Duration): Duration {
    const place = later(now, this.#free);
    this.#free = after(place, apart);
    this.#reserved = this.#free;
    return between(now, place);
  }
}
