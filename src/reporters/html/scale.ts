import { fixed } from "../format.ts";

/** A time axis. Places are per cents of the width, so that a drawing fits a phone without its text shrinking. */
export interface Scale {
  readonly low: number;
  readonly high: number;
  readonly ticks: readonly number[];
  /** `43.21%`, kept on the drawing. */
  readonly place: (ms: number) => string;
  readonly length: (fromMs: number, toMs: number) => string;
}

/** An axis with round ticks that holds all values, if any; from zero when `zero` is set. */
export function scaleOver(values: readonly number[], options: { readonly zero: boolean }): Scale {
  const least = options.zero || values.length === 0 ? 0 : Math.min(...values);
  const most = Math.max(...values, least + MIN_LENGTH_MS);
  const step = roundStep((most - least) / WANTED_TICKS);
  const low = Math.floor(least / step) * step;
  const high = Math.ceil(most / step) * step;
  const within = (ms: number): number =>
    (100 * (Math.min(Math.max(ms, low), high) - low)) / (high - low);
  return {
    low,
    high,
    ticks: Array.from(
      { length: Math.round((high - low) / step) + 1 },
      (_, index) => low + index * step,
    ),
    place: (ms) => `${fixed(within(ms), 2)}%`,
    length: (fromMs, toMs) => `${fixed(Math.max(0, within(toMs) - within(fromMs)), 2)}%`,
  };
}

/** Below the grid of any probe there is nothing to see. */
const MIN_LENGTH_MS = 100;

/** At most about that many: few enough for a phone. */
const WANTED_TICKS = 8;

/** 1, 2 or 5 times a power of ten. */
function roundStep(least: number): number {
  const power = 10 ** Math.floor(Math.log10(least));
  return power * ([1, 2, 5].find((factor) => power * factor >= least) ?? 10);
}
