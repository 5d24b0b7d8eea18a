import type { RangeMs } from "../base/interval.ts";

/** What the clocks of a cluster's hosts showed when they were asked. */
export interface ClocksRead {
  /** What our wall clock showed at the origin of the run's clock, by what it showed then: epoch milliseconds. */
  readonly epoch_ms: number;
  readonly clocks: readonly ClockOffset[];
  /** Who did not tell, and why. */
  readonly silent: readonly SilentClock[];
}

export interface ClockOffset {
  /** The node, or, where none is known of it, the API host. */
  readonly host: string;
  /** `date` over SSH, or the Date header of the API's answers. */
  readonly over: "ssh" | "http";
  /** How far it is ahead of ours; negative: behind. Asking takes time, which leaves a range. */
  readonly offset_ms: RangeMs;
}

interface SilentClock {
  readonly host: string;
  readonly over: ClockOffset["over"];
  readonly error: string;
}

/** What a host's own clock showed, as it printed it, and for how long after that nothing can have happened there. */
export interface ClockStamp {
  readonly host: string;
  /** Epoch seconds with their fraction. */
  readonly stamp: string;
  readonly at_least_ms: number;
}
