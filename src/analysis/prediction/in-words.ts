import type { RangeMs } from "../../base/interval.ts";
import { inSeconds, milliseconds } from "../../base/time.ts";

/** So many show the ends of the spread to within a second, in a second or so of work. */
export const FAILOVERS = 30;

export const rangeInWords = ([low, high]: RangeMs): string =>
  `${Math.floor(secondsOf(low))} .. ${Math.ceil(secondsOf(high))} s`;

export const secondsOf = (ms: number): number => inSeconds(milliseconds(ms));
