/**
 * How tools of this kind poll: one HTTP GET of the page, its answer or its timeout awaited, then a pause, and again. Status
 * 200 is up, all else is down. The pauses and timeouts are those found in use.
 */
export interface PollMethod {
  readonly pause_ms: number;
  readonly timeout_ms: number;
}

export const pollMethods: readonly PollMethod[] = [1000, 2000].flatMap((pause_ms) =>
  [1000, 5000, 10_000].map((timeout_ms) => ({ pause_ms, timeout_ms })),
);

/** What such a tool then calls the down-time. */
export const readings = ["bad polls x pause", "last good to first good"] as const;
export type Reading = (typeof readings)[number];

/** One GET. Nanoseconds of the machine's monotonic clock. */
export interface Poll {
  readonly began_ns: number;
  readonly ended_ns: number;
  readonly good: boolean;
}
