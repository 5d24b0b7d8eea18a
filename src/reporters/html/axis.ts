import { fixed } from "../format.ts";
import type { Markup } from "./markup.ts";
import { markup } from "./markup.ts";
import type { Scale } from "./scale.ts";

/** Tick lines over the whole height, and their seconds beneath. */
export const axis = (scale: Scale, height: number): Markup =>
  markup`<g class="axis">${scale.ticks.map((tick) => tickMark(scale, tick, height))}</g>`;

/** Room beneath a drawing for the tick labels. */
export const AXIS_HEIGHT = 20;

const tickMark = (scale: Scale, tick: number, height: number): Markup =>
  markup`<line x1="${scale.place(tick)}" x2="${scale.place(tick)}" y1="0" y2="${height}"/><text x="${scale.place(tick)}" y="${height + 14}" class="${anchor(scale, tick)}">${label(tick)}</text>`;

const label = (ms: number): string => `${Number(fixed(ms / 1000, 2))} s`;

/** The outermost labels stay on the drawing. */
function anchor(scale: Scale, tick: number): string {
  if (tick === scale.low) return "start";
  return tick === scale.high ? "end" : "middle";
}
