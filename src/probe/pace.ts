import type { Duration, Instant } from "../base/time.ts";
import { after, between, times } from "../base/time.ts";

/** A fixed grid of instants, on which attempts start whatever earlier attempts do: no coordinated omission. */
export interface Grid {
  readonly start: Instant;
  readonly period: Duration;
}

/** What becomes of one point of the grid. Every point gets exactly one sample. */
export type Fate =
  | { readonly kind: "wait"; readonly remaining: Duration }
  | { readonly kind: "start" }
  /** The prober was elsewhere: an attempt now would stand for another instant than the point's own. */
  | { readonly kind: "late"; readonly by: Duration }
  /** Too many earlier attempts are still under way. */
  | { readonly kind: "skipped" };

export const pointOf = (grid: Grid, seq: number): Instant =>
  after(grid.start, times(grid.period, seq));

/** Half a period: a later start would be nearer to the next point than to its own. */
export const tolerance = (period: Duration): Duration => times(period, 0.5);

export function fateOf(
  point: Instant,
  now: Instant,
  grid: Grid,
  room: { readonly inFlight: number; readonly maximum: number },
): Fate {
  const by = between(point, now);
  if (by < 0) return { kind: "wait", remaining: between(now, point) };
  if (by > tolerance(grid.period)) return { kind: "late", by };
  return room.inFlight < room.maximum ? { kind: "start" } : { kind: "skipped" };
}
