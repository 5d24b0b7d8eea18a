import type { RangeMs } from "../../base/interval.ts";
import { inSeconds, milliseconds } from "../../base/time.ts";

/** So many show the central 95 % to within a second, in a fifth of a second of work. */
export const FAILOVERS = 200;

export const rangeInWords = ([low, high]: RangeMs): string =>
  `${Math.floor(secondsOf(low))} .. ${Math.ceil(secondsOf(high))} s`;

export const secondsOf = (ms: number): number => inSeconds(milliseconds(ms));
