import type { RangeMs } from "../base/interval.ts";
import { middleMs } from "../base/interval.ts";
import type { StatisticValue } from "../model/run-report.ts";

/** Where there is no number. */
export const NONE = "–";

/** `131.2`; with two decimals where the error is below a twentieth of a second, so that a decimal is never invented. */
export const seconds = (ms: number, range: RangeMs | null = null): string =>
  fixed(ms / 1000, range === null ? 1 : decimalsFor(range));

export const secondsWithUnit = (ms: number, range: RangeMs | null = null): string =>
  `${seconds(ms, range)} s`;

/** `131.1 .. 131.4`. */
export const secondsRange = (range: RangeMs): string =>
  `${seconds(range[0], range)} .. ${seconds(range[1], range)}`;

/** A measured duration: its middle, and how far the truth may be away. `131.20 ± 0.05 s`. */
export const measured = (range: RangeMs): string => {
  const half = (range[1] - range[0]) / 2;
  return `${seconds(middleMs(range), range)} ± ${fixed(half / 1000, decimalsFor(range))} s`;
};

/** A statistic by its value alone, without the unit. */
export const statistic = (value: StatisticValue | null): string =>
  value === null ? NONE : seconds(value.value_ms, value.range_ms);

/** Centre and standard deviation as the thesis prints them: `134.5 ± 4.35`. */
export const withDeviation = (centre: string, sdMs: number | null): string =>
  sdMs === null ? centre : `${centre} ± ${fixed(sdMs / 1000, 2)}`;

/** `+12.6 s`, `−0.4 s`. */
export const difference = (ms: number): string =>
  `${ms < 0 ? "−" : "+"}${fixed(Math.abs(ms) / 1000, 1)} s`;

export const differenceRange = (range: RangeMs): string =>
  `${difference(range[0])} .. ${difference(range[1])}`;

/** Never `-0.0`. */
export const fixed = (value: number, decimals: number): string => {
  const text = value.toFixed(decimals);
  return Number(text) === 0 ? (0).toFixed(decimals) : text;
};

const TWO_DECIMALS_BELOW_MS = 50;

const decimalsFor = (range: RangeMs): 1 | 2 =>
  (range[1] - range[0]) / 2 < TWO_DECIMALS_BELOW_MS ? 2 : 1;
