import * as Plot from "@observablehq/plot";

/** A place on a drawing: seconds to the right, pixels downwards. */
export interface Point {
  readonly x: number;
  readonly y: number;
}

/** From one time to another, in seconds, at a height in pixels. */
export interface Stroke {
  readonly from: number;
  readonly to: number;
  readonly y: number;
}

const gap: Point = { x: Number.NaN, y: Number.NaN };

/** Level lines, with gaps between them: one path, however many they are. */
export const strokes = (all: readonly Stroke[]): readonly Point[] =>
  all.flatMap(({ from, to, y }) => [{ x: from, y }, { x: to, y }, gap]);

/** Upright lines of so many pixels. */
export const ticks = (all: readonly Point[], height: number): readonly Point[] =>
  all.flatMap(({ x, y }) => [{ x, y: y - height / 2 }, { x, y: y + height / 2 }, gap]);

/** Points as one path. Round ends make a dot of a stroke without length. */
export const lineMark = (
  points: readonly Point[],
  options: Pick<Plot.LineOptions, "stroke" | "strokeWidth" | "strokeDasharray" | "curve"> & {
    readonly strokeLinecap?: "butt" | "round";
  },
): Plot.Markish => Plot.line(points, { x: "x", y: "y", strokeLinecap: "butt", ...options });

/** Text of one line that begins, ends or stands at a place. */
export const textMark = (
  texts: readonly (Point & { readonly text: string })[],
  options: Plot.TextOptions = {},
): Plot.Markish =>
  Plot.text(texts, { x: "x", y: "y", text: "text", textAnchor: "start", ...options });
