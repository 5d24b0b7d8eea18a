import type { Palette } from "./palette.ts";

/** What is drawn on. */
export interface Paper {
  /** Pixels. */
  readonly width: number;
  readonly palette: Palette;
}

/** On a screen, and in print. */
export const WIDE = 960;
/** On a phone: a wide drawing made small would have text that nobody can read. */
export const NARROW = 360;

/** Something to look at. Everything that it shows stands as text, too, in the page around it. */
export interface Drawing {
  /** A file's name without its ending. */
  readonly name: string;
  readonly title: string;
  /** What its marks mean. */
  readonly description: string;
  /** SVG; the same bytes for the same paper. */
  readonly draw: (paper: Paper) => string;
}
