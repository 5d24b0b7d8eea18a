import type { Duration } from "../../base/time.ts";
import { longer, times } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";

/** How long to wait for something that holds work too (key exchange, login, JSON). */
export interface Patience {
  readonly least: Duration;
  /**
   * A clock that runs fast divides waits, not the computer's work, and what is given up too early looks like a dead
   * host: so many of the clock's deadline floors are always allowed. At speed 1 they are nothing.
   */
  readonly floors: number;
}

export const deadlineOf = ({ least, floors }: Patience, clock: Clock): AbortSignal =>
  clock.timeout(longer(least, times(clock.floor.deadline, floors)));
