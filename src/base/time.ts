/**
 * Time as values. Two of the three kinds of time live here: the instant on one monotonic clock and the
 * duration between two of them, both in nanoseconds behind a brand, so that neither is mistaken for the
 * other or for a bare number. The third, wall time, is luxon's `DateTime`: for labels and for
 * correlation with foreign logs only, and never subtracted.
 *
 * A double holds whole nanoseconds exactly for 104 days, which is longer than any run.
 */

declare const kind: unique symbol;

/** A point on one monotonic clock, in nanoseconds since that clock's origin. */
export type Instant = number & { readonly [kind]: "instant" };

/** A signed length of time, in nanoseconds. */
export type Duration = number & { readonly [kind]: "duration" };

const NS_PER_MS = 1e6;
const NS_PER_SECOND = 1e9;

export const zero = 0 as Duration;
/** The origin of a clock. */
export const origin = 0 as Instant;
/** A duration longer than every other: "no limit". */
export const forever = Number.POSITIVE_INFINITY as Duration;

export const nanoseconds = (count: number): Duration => Math.round(count) as Duration;
export const milliseconds = (count: number): Duration => Math.round(count * NS_PER_MS) as Duration;
export const seconds = (count: number): Duration => Math.round(count * NS_PER_SECOND) as Duration;
export const minutes = (count: number): Duration => seconds(count * 60);

export const inMs = (duration: Duration): number => duration / NS_PER_MS;
export const inSeconds = (duration: Duration): number => duration / NS_PER_SECOND;

/** An instant from its distance to the clock's origin. */
export const at = (sinceOrigin: Duration): Instant => sinceOrigin as number as Instant;
export const sinceOrigin = (instant: Instant): Duration => instant as number as Duration;
/** An instant as it is written in files: milliseconds since the clock's origin, to the microsecond. */
export const instantInMs = (instant: Instant): number => Math.round(instant / 1e3) / 1e3;
export const instantFromMs = (ms: number): Instant => Math.round(ms * NS_PER_MS) as Instant;

export const after = (start: Instant, duration: Duration): Instant => (start + duration) as Instant;
export const before = (end: Instant, duration: Duration): Instant => (end - duration) as Instant;
/** From `start` to `end`; negative when `end` comes first. */
export const between = (start: Instant, end: Instant): Duration => (end - start) as Duration;
export const earlier = (a: Instant, b: Instant): Instant => (a < b ? a : b);
export const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);

export const sum = (...parts: readonly Duration[]): Duration =>
  parts.reduce<number>((total, part) => total + part, 0) as Duration;
export const times = (duration: Duration, factor: number): Duration =>
  Math.round(duration * factor) as Duration;
export const shorter = (a: Duration, b: Duration): Duration => (a < b ? a : b);
export const longer = (a: Duration, b: Duration): Duration => (a > b ? a : b);

/** For people: `250 ms`, `4.25 s`, `2 min 14.5 s`. */
export function formatDuration(duration: Duration): string {
  if (duration < 0) return `-${formatDuration(nanoseconds(0 - duration))}`;
  if (!Number.isFinite(duration)) return "no limit";
  const wholeSeconds = inSeconds(duration);
  if (wholeSeconds < 1) return `${Number(inMs(duration).toFixed(1))} ms`;
  if (wholeSeconds < 120) return `${Number(wholeSeconds.toFixed(2))} s`;
  const wholeMinutes = Math.floor(wholeSeconds / 60);
  const rest = Number((wholeSeconds - wholeMinutes * 60).toFixed(1));
  return rest === 0 ? `${wholeMinutes} min` : `${wholeMinutes} min ${rest} s`;
}
