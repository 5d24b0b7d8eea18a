import type { DurationRange, Span } from "../../base/interval.ts";
import { rangeBetween } from "../../base/interval.ts";
import { before, earlier, later, longer, seconds, zero } from "../../base/time.ts";

/**
 * The LRM renews its lock at the start of a round and writes its stamp at the end, 0 to 1 s later (facts 1.7). So the
 * renewal is up to this much older than the write.
 */
const RENEWAL_BEFORE_WRITE = seconds(1);

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

/** The lock's renewal behind an LRM's write. */
export const renewedAt = (written: Span): Span => ({
  earliest: before(written.earliest, RENEWAL_BEFORE_WRITE),
  latest: written.latest,
});

/** Age at some moment within `at`; never negative. */
export function ageAt(event: Span, at: Span): DurationRange {
  const range = rangeBetween(event, at);
  return { low: longer(zero, range.low), high: longer(zero, range.high) };
}
