import { middleMs } from "../../base/interval.ts";
import type { MeasureValues } from "../../model/contrast.ts";
import { fixed, seconds } from "../format.ts";
import type { Markup } from "../html/markup.ts";
import { markup, nothing } from "../html/markup.ts";

/** One side of a pair: whose trials, and what they say of the measure. */
export interface Side {
  readonly name: string;
  readonly values: MeasureValues;
}

/** Where times lie on a drawing, in per cents of its width, so that it fits a phone without its text shrinking. */
type Place = (ms: number) => string;

/** The trials of both sides, each a dot with its interval, on an axis that holds all. */
export function valuesPlot(title: string, sides: readonly Side[]): Markup {
  const all = sides.flatMap(({ values }) => [...values.values_ms.flat(), ...values.longer_than_ms]);
  if (all.length === 0) return nothing;
  const { place, ticks } = axisOver(all);
  const height = sides.length * ROW;
  return markup`<figure class="values"><figcaption>${title}, s: a dot for each trial, with its interval; ▷ still down at its limit</figcaption>
<svg width="100%" height="${height + AXIS}" role="img" aria-label="${`${title}: ${sides.map(inWords).join("; ")}`}">
${ticks.map((tick) => markup`<line class="tick" x1="${place(tick)}" x2="${place(tick)}" y1="0" y2="${height}"/><text x="${place(tick)}" y="${height + 16}">${Number(fixed(tick / 1000, 2))}</text>`)}
${sides.map((side, index) => row(side, index * ROW, place))}
</svg></figure>`;
}

const row = ({ name, values }: Side, top: number, place: Place): Markup => markup`
<text class="side" x="0" y="${top + 14}">${name}</text>
${values.values_ms.map((range, index) => {
  const y = top + LABEL + (index % LANES) * LANE;
  return markup`<g><title>${seconds(middleMs(range))} s</title><line x1="${place(range[0])}" x2="${place(range[1])}" y1="${y}" y2="${y}"/><circle cx="${place(middleMs(range))}" cy="${y}" r="4"/></g>`;
})}
${values.longer_than_ms.map((ms, index) => markup`<text class="bound" x="${place(ms)}" y="${top + LABEL + 5 + (index % LANES) * LANE}">▷</text>`)}`;

/** Neighbours in a list go to lanes of their own, so that few dots hide others. */
const [LANES, LANE, LABEL, ROW, AXIS] = [5, 6, 26, 62, 22];

/** `second: 10 trials, 43.6 .. 50.4 s`. */
export function inWords({ name, values: { values_ms, longer_than_ms } }: Side): string {
  const middles = values_ms.map(middleMs);
  const range =
    middles.length === 0
      ? ""
      : `, ${seconds(Math.min(...middles))} .. ${seconds(Math.max(...middles))} s`;
  const lost = longer_than_ms.length === 0 ? "" : `, ${longer_than_ms.length} still down`;
  return `${name}: ${values_ms.length + longer_than_ms.length} trials${range}${lost}`;
}

const WANTED_TICKS = 6;
/** Below the grid of any probe there is nothing to see. */
const SHORTEST_MS = 100;

function axisOver(all: readonly number[]): { readonly place: Place; readonly ticks: number[] } {
  const [least, most] = [Math.min(...all), Math.max(...all)];
  const rough = Math.max(most - least, SHORTEST_MS) / WANTED_TICKS;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * ([1, 2, 5].find((factor) => power * factor >= rough) ?? 10);
  const low = Math.floor(least / step) * step;
  const high = Math.max(Math.ceil(most / step) * step, low + step);
  const ticks = Array.from(
    { length: Math.round((high - low) / step) + 1 },
    (_, index) => low + index * step,
  );
  // Within the drawing, so that the outermost labels stay on it.
  const place: Place = (ms) => `${fixed(3 + (94 * (ms - low)) / (high - low), 2)}%`;
  return { place, ticks };
}
