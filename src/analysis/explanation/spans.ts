import type { RangeMs, SpanMs } from "../../base/interval.ts";

/** Arithmetic with instants that are known only to lie between two others. */

export const later = ([earliest, latest]: SpanMs, [low, high]: RangeMs): SpanMs => [
  earliest + low,
  latest + high,
];

export const sooner = ([earliest, latest]: SpanMs, [low, high]: RangeMs): SpanMs => [
  earliest - high,
  latest - low,
];

/** Null where they have nothing in common. */
export function common(one: SpanMs, other: SpanMs): SpanMs | null {
  const [earliest, latest] = [Math.max(one[0], other[0]), Math.min(one[1], other[1])];
  return earliest <= latest ? [earliest, latest] : null;
}

/**
 * When something last happened before the fault that comes round and round, from its age when that was read: it may have
 * come again since then.
 */
export function lastBefore(
  fault: SpanMs,
  read: { readonly at: SpanMs; readonly age: RangeMs },
  [shortest, longest]: RangeMs,
): SpanMs {
  const [earliest, latest] = sooner(read.at, read.age);
  const surely = Math.max(0, Math.floor((fault[0] - latest) / longest));
  const perhaps = Math.max(0, Math.floor((fault[1] - earliest) / shortest));
  const first = Math.max(earliest + surely * shortest, fault[0] - longest);
  const last = latest + perhaps * longest;
  return [Math.min(first, fault[1]), Math.max(Math.min(last, fault[1]), Math.min(first, fault[1]))];
}
