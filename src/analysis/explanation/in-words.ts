import type { RangeMs } from "../../base/interval.ts";

export const secondsOf = (ms: number): string => `${Number((ms / 1000).toFixed(1))} s`;

/** `8.4 s`, or `7.4 .. 9.1 s` where less is known. */
export const aboutSeconds = ([low, high]: RangeMs): string =>
  high - low < 200
    ? secondsOf((low + high) / 2)
    : `${Number((low / 1000).toFixed(1))} .. ${secondsOf(high)}`;
