import type { DurationRange, Span } from "../../base/interval.ts";
import { rangeBetween } from "../../base/interval.ts";
import { before, earlier, later, longer, zero } from "../../base/time.ts";

/**
 * When a status file was written, from its stamp and from the two looks between which it changed. Where the two
 * contradict each other (a clock of the cluster is off), what we saw on our own clock counts.
 */
export function writtenAt(stamped: Span | null, seen: Span | null): Span | null {
  if (stamped === null || seen === null) return seen ?? stamped;
  const earliest = later(stamped.earliest, seen.earliest);
  const latest = earlier(stamped.latest, seen.latest);
  return earliest <= latest ? { earliest, latest } : seen;
}

/** The lock's renewal behind an LRM's write, so much before it. */
export const renewedAt = (written: Span, lag: DurationRange): Span => ({
  earliest: before(written.earliest, lag.high),
  latest: before(written.latest, lag.low),
});

/** Age at some moment within `at`; never negative. */
export function ageAt(event: Span, at: Span): DurationRange {
  const range = rangeBetween(event, at);
  return { low: longer(zero, range.low), high: longer(zero, range.high) };
}
