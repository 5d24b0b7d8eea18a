import type { RangeMs } from "../base/interval.ts";
import type { ClockOffset } from "../model/clock-offset.ts";
import type { TrialGrid } from "../model/trial-result.ts";
import type { TrialRecord } from "./trial-facts.ts";
import { allOf } from "./trial-facts.ts";

/** How far each clock was ahead of ours during a trial: all that was measured before and after it. */
export function clockOffsets(records: readonly TrialRecord[]): readonly ClockOffset[] {
  const offsets = new Map<string, ClockOffset>();
  for (const clock of allOf(records, "clock-offsets").flatMap(({ clocks }) => clocks)) {
    const name = `${clock.over} ${clock.host}`;
    const known = offsets.get(name)?.offset_ms ?? clock.offset_ms;
    offsets.set(name, { ...clock, offset_ms: hull(known, clock.offset_ms) });
  }
  return [...offsets.values()];
}

const hull = (a: RangeMs, b: RangeMs): RangeMs => [Math.min(a[0], b[0]), Math.max(a[1], b[1])];

/** The clock that is farthest off, where that is certainly more than the distance of two samples; in words. */
export function worstClock(
  offsets: readonly ClockOffset[],
  grid: Pick<TrialGrid, "period_ms"> | null,
): readonly string[] {
  const [worst] = offsets.toSorted((a, b) => atLeast(b.offset_ms) - atLeast(a.offset_ms));
  if (worst === undefined || atLeast(worst.offset_ms) <= (grid?.period_ms ?? 0)) return [];
  const [low, high] = worst.offset_ms;
  const middle = (low + high) / 2000;
  const by = `${Math.abs(middle).toFixed(2)} ± ${((high - low) / 2000).toFixed(2)} s`;
  const way = worst.over === "ssh" ? "by its date over SSH" : "by the Date of its API";
  return [`the clock of ${worst.host} is ${by} ${middle < 0 ? "behind" : "ahead of"} ours, ${way}`];
}

/** How far it is off for sure. */
const atLeast = ([low, high]: RangeMs): number => Math.max(0, low, -high);
