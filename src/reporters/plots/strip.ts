import * as Plot from "@observablehq/plot";
import { secondsWithUnit } from "../format.ts";
import type { Domain } from "./domain.ts";
import { within } from "./domain.ts";
import type { Palette } from "./palette.ts";
import type { RangeS } from "./recoveries.ts";
import { lineMark, strokes } from "./strokes.ts";

/** Trials beneath each other, in the order in which they ran: each a dot with its interval, or a bound. */
export interface Strip {
  /** Pixels: where it begins, and from one trial to the next. */
  readonly top: number;
  readonly pitch: number;
  readonly trials: readonly StripTrial[];
  /** Of those that were still down. */
  readonly bounds: readonly { readonly at: number; readonly longerThan: number }[];
}

/** Times are seconds. */
interface StripTrial {
  /** Its place in the strip, from zero. */
  readonly at: number;
  readonly middle: number;
  readonly range: RangeS;
  readonly title: string;
}

const TALLEST = 150;
/** Of a trial, at most. */
const PITCH = 9;

export const pitchOf = (count: number): number => Math.min(PITCH, TALLEST / Math.max(1, count));

/** Pixels from the drawing's top to the middle of a trial. */
export const heightIn = ({ top, pitch }: Pick<Strip, "top" | "pitch">, at: number): number =>
  top + (at + 0.5) * pitch;

export function stripMarks(
  strip: Strip,
  domain: Domain,
  palette: Palette,
): readonly Plot.Markish[] {
  const [color] = palette.arms;
  const intervals = strip.trials.map(({ range: [from, to], at }) => ({
    from,
    to,
    y: heightIn(strip, at),
  }));
  const bounds = strip.bounds.map(({ at, longerThan }) => ({
    x: within(longerThan, domain),
    y: heightIn(strip, at),
    title: `still down after ${secondsWithUnit(1000 * longerThan)}`,
  }));
  return [
    lineMark(strokes(intervals), { stroke: color, strokeWidth: Math.min(2, strip.pitch / 2) }),
    dots(strip, palette),
    Plot.text(bounds, {
      x: "x",
      y: "y",
      text: () => "▷",
      title: "title",
      fill: palette.fail,
      fontSize: 14,
    }),
  ];
}

/** More than that are drawn as one path, and without a title each. */
const MOST_TITLED = 60;

function dots(strip: Strip, { arms: [color], paper }: Palette): Plot.Markish {
  const all = strip.trials.map((trial) => ({ ...trial, y: heightIn(strip, trial.at) }));
  if (all.length > MOST_TITLED) {
    const places = all.map(({ middle, y }) => ({ from: middle, to: middle, y }));
    return lineMark(strokes(places), { stroke: color, strokeWidth: 3, strokeLinecap: "round" });
  }
  return Plot.dot(all, {
    x: "middle",
    y: "y",
    r: Math.min(4, strip.pitch / 2),
    fill: color,
    stroke: paper,
    strokeWidth: 0.75,
    title: "title",
  });
}
