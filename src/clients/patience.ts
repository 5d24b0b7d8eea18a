import type { Duration } from "../base/time.ts";
import { longer, times } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";

/**
 * A deadline for a wait that holds work too (key exchange, login, JSON): a clock that runs fast divides waits, not the
 * computer's work. `floors` says how often the clock's shortest deadline that work may take; at speed 1 it is nothing.
 */
export const patience = (clock: Clock, limit: Duration, floors: number): AbortSignal =>
  clock.timeout(longer(limit, times(clock.floor.deadline, floors)));
