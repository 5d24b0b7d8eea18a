import type { Duration, Instant } from "../../base/time.ts";
import { after, between, times } from "../../base/time.ts";

/** The last turn at or before `now` of a loop that turns at `start` and every `period` from then on. */
export const lastTurn = (start: Instant, period: Duration, now: Instant): Instant =>
  after(start, times(period, Math.floor(between(start, now) / period)));

/** From `now` to the loop's next turn, which is later than `now`. */
export const untilNextTurn = (start: Instant, period: Duration, now: Instant): Duration =>
  between(now, after(lastTurn(start, period, now), period));
