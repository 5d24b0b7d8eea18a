import type { DateTime } from "luxon";
import type { Duration, Instant } from "../base/time.ts";

/** The only source of time outside platform/. A lab's clock runs faster than the wall: see `speed`. */
export interface Clock {
  /** Clock seconds that pass in one real second; 1 on a real cluster. */
  readonly speed: number;
  /**
   * The finest that this clock can honour, in its own time. On a real cluster all are zero. A scaled clock divides waits, not
   * the computer's work, so neither a deadline nor a period may get shorter than these, and what a lab does at an instant
   * may show up to `lateness` after it.
   */
  readonly floor: {
    readonly deadline: Duration;
    readonly period: Duration;
    readonly lateness: Duration;
  };
  /** Monotonic; the origin is the start of the process at speed 1, the start of the lab on a lab. */
  now(): Instant;
  /** For labels, and to read stamps of foreign clocks. Never subtracted. */
  wall(): DateTime;
  /** Rejects with the signal's reason as soon as it is aborted. */
  sleep(duration: Duration, signal: AbortSignal): Promise<void>;
  /** Aborted with a `timed-out` OperatingError after `duration`, or the deadline floor where that is longer. Does not keep the process alive. */
  timeout(duration: Duration): AbortSignal;
}
