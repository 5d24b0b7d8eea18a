import type { Duration, Instant } from "../base/time.ts";

/** What the twin runs on. Events at the same instant run in the order in which they were scheduled. */
export interface Scheduler {
  now(): Instant;
  at(when: Instant, run: () => void): Cancel;
  after(delay: Duration, run: () => void): Cancel;
}

/** Forgets a scheduled event; safe to call twice, or after the event ran. */
export type Cancel = () => void;
