import type { DateTime } from "luxon";
import type { MaintenanceWindow } from "../../model/safety.ts";
import { weekdays } from "../../model/safety.ts";

export type Opening =
  | { readonly open: true }
  /** When the next one opens, in its own zone; null: none does within days. */
  | { readonly open: false; readonly next: DateTime<true> | null };

const MINUTES_A_DAY = 24 * 60;
/** A window of one weekday may miss a week, where the clocks are put forward over the whole of it. */
const DAYS_AHEAD = 15;

/** Is one of the windows open, and if none is, when will one be. */
export function openingAt(windows: readonly MaintenanceWindow[], now: DateTime): Opening {
  const spans = windows
    .flatMap((window) => spansAround(window, now))
    .filter(({ from, to }) => from < to);
  if (spans.some(({ from, to }) => from <= now && now < to)) return { open: true };
  const [next] = spans
    .map(({ from }) => from)
    .filter((from) => from > now)
    .toSorted((a, b) => a.toMillis() - b.toMillis());
  return { open: false, next: next ?? null };
}

interface OpenSpan {
  readonly from: DateTime<true>;
  readonly to: DateTime<true>;
}

/** Each opening from yesterday's on, which may last until today. */
function spansAround({ days, from, to, zone }: MaintenanceWindow, now: DateTime): OpenSpan[] {
  const today = now.setZone(zone).startOf("day");
  if (!today.isValid) return [];
  const [start, end] = [minutesOf(from), minutesOf(to)];
  return Array.from({ length: DAYS_AHEAD + 2 }, (_, index) => index - 1)
    .map((offset) => today.plus({ days: offset }))
    .filter((day) => days.some((name) => name === weekdays[day.weekday - 1]))
    .map((day) => ({
      from: momentOf(day, start),
      to: momentOf(day, end <= start ? end + MINUTES_A_DAY : end),
    }));
}

/**
 * When the clock on the wall shows a time, `minutes` from the beginning of a day. Of a time that it shows twice, as it is
 * put back, the first. Of one that it never shows, as it is put forward, the moment when that is done: the later part of
 * a window remains, and a window that lies wholly in the hour that is left out is none.
 */
function momentOf(day: DateTime<true>, minutes: number): DateTime<true> {
  const ofDay = minutes % MINUTES_A_DAY;
  const time = { hour: Math.floor(ofDay / 60), minute: ofDay % 60 };
  const shown = day.plus({ days: Math.floor(minutes / MINUTES_A_DAY) }).set(time);
  // Luxon moves a time that is left out forward by what is left out; clocks change on the hour.
  if (shown.hour * 60 + shown.minute !== ofDay) return shown.set({ minute: 0 });
  const [first = shown] = shown
    .getPossibleOffsets()
    .toSorted((a, b) => a.toMillis() - b.toMillis());
  return first;
}

function minutesOf(time: string): number {
  const [hours = 0, minutes = 0] = time.split(":").map(Number);
  return hours * 60 + minutes;
}
