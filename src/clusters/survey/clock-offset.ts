import { OperatingError } from "../../base/errors.ts";
import type { RangeMs, Span } from "../../base/interval.ts";
import { inSeconds, sinceOrigin } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Finding } from "../../model/survey.ts";
import { note, ok } from "../../model/survey.ts";

/** Stamps of the cluster are compared to the second, so that a clock farther off than this shows in intervals. */
const TOLERATED_MS = 1000;

/** What another clock showed at some moment of `during`: epoch seconds that lie in [low, high]. */
export interface ClockReading {
  readonly low: number;
  readonly high: number;
  readonly during: Span;
}

/** The epoch second at which our monotonic clock began. */
export const epochOfOrigin = (clock: Clock): number =>
  clock.wall().toMillis() / 1000 - inSeconds(sinceOrigin(clock.now()));

/** How far another clock is ahead of ours, in milliseconds; negative: behind. The asking itself leaves it a range. */
export function offsetOf({ low, high, during }: ClockReading, ourEpoch: number): RangeMs {
  const ours = (instant: Span["earliest"]): number => ourEpoch + inSeconds(sinceOrigin(instant));
  return [(low - ours(during.latest)) * 1000, (high - ours(during.earliest)) * 1000];
}

/** The same from several readings of one clock, each of which bounds it. Rejects where they contradict each other. */
export function offsetFrom(readings: readonly ClockReading[], ourEpoch: number): RangeMs {
  const ranges = readings.map((reading) => offsetOf(reading, ourEpoch));
  const low = Math.max(...ranges.map(([each]) => each));
  const high = Math.min(...ranges.map(([, each]) => each));
  if (low <= high) return [low, high];
  throw new OperatingError("protocol", "it was set, or jumped, while it was asked");
}

export function clockFinding(subject: string, [low, high]: RangeMs): Finding {
  const about = { topic: "clock", subject } as const;
  const saw = `${inWords(low, high)} against this machine's clock`;
  const off = low > TOLERATED_MS || high < -TOLERATED_MS;
  return off
    ? note(about, saw, {
        needs: "clocks kept by NTP, here and there: stamps of the cluster are wrong by as much",
      })
    : ok(about, saw);
}

/** `+0.2 s ± 0.5 s`. */
function inWords(low: number, high: number): string {
  const middle = (low + high) / 2000;
  return `${middle < 0 ? "" : "+"}${middle.toFixed(2)} s ± ${((high - low) / 2000).toFixed(2)} s`;
}
