import type { Duration, Instant } from "./time.ts";
import { between, earlier, instantFromMs, instantInMs, later, inMs, nanoseconds } from "./time.ts";

/** An instant that is known only to lie between two others, both included. */
export interface Span {
  readonly earliest: Instant;
  readonly latest: Instant;
}

/** A duration that is known only to lie between two others, both included. */
export interface DurationRange {
  readonly low: Duration;
  readonly high: Duration;
}

/** A `Span` as files hold it: milliseconds since the run's clock origin. */
export type SpanMs = readonly [earliest: number, latest: number];

/** A `DurationRange` as files hold it, in milliseconds. */
export type RangeMs = readonly [low: number, high: number];

export const exactly = (instant: Instant): Span => ({ earliest: instant, latest: instant });

/** The span between two instants, whichever comes first. */
export const spanOf = (a: Instant, b: Instant): Span => ({
  earliest: earlier(a, b),
  latest: later(a, b),
});

/** From one uncertain instant to another. The result can be negative where the two overlap. */
export const rangeBetween = (start: Span, end: Span): DurationRange => ({
  low: between(start.latest, end.earliest),
  high: between(start.earliest, end.latest),
});

/**
 * The one number that stands for a range in statistics: its middle. Every reading of the truth inside the range is
 * then at most half a width away.
 */
export const middle = (range: DurationRange): Duration => nanoseconds((range.low + range.high) / 2);

/** The same of a range as files hold it. */
export const middleMs = ([low, high]: RangeMs): number => (low + high) / 2;

export const width = (range: DurationRange): Duration => nanoseconds(range.high - range.low);

export const spanInMs = (span: Span): SpanMs => [
  instantInMs(span.earliest),
  instantInMs(span.latest),
];
export const spanFromMs = (span: SpanMs): Span => ({
  earliest: instantFromMs(span[0]),
  latest: instantFromMs(span[1]),
});
export const rangeInMs = (range: DurationRange): RangeMs => [inMs(range.low), inMs(range.high)];
