import * as Plot from "@observablehq/plot";
import { DOMParser } from "linkedom";
import type { Paper } from "./paper.ts";

/** Of drawings, in pixels; axes and their labels take it over. */
const FONT_SIZE = 12;

const SVG = "http://www.w3.org/2000/svg";

/**
 * Draws without a browser. The document is one of SVG, since in those alone linkedom escapes attributes as XML wants it.
 * Nothing that Plot counts up is used (clips, tips, patterns), so that the same marks give the same bytes.
 */
export function drawPlot({ width, palette }: Paper, options: Plot.PlotOptions): string {
  const document = new DOMParser().parseFromString(`<svg xmlns="${SVG}"/>`, "image/svg+xml");
  const svg: Drawn = Plot.plot({ ...options, width, className: "plot", document });
  svg.setAttribute("xmlns", SVG);
  svg.setAttribute("font-size", String(FONT_SIZE));
  svg.setAttribute("color", palette.ink);
  return svg.outerHTML.replaceAll(/<[^>]+>/gu, shortTag);
}

/**
 * Without what nobody sees: tenths of pixels, and Plot's names for groups of marks. The page names the drawing as a whole,
 * and a name for a mere group is none to a screen reader.
 */
const shortTag = (tag: string): string =>
  tag
    .replace(/ aria-label="[^"]*"/u, "")
    .replace(/ \/>$/u, "/>")
    .replaceAll(
      placed,
      (_: string, name: string, value: string) =>
        ` ${name}="${value.replaceAll(/-?\d+\.\d+(?:e-?\d+)?/gu, rounded)}"`,
    );

/** As much of an element as is asked for here; types of a browser are not loaded. */
interface Drawn {
  readonly outerHTML: string;
  setAttribute(name: string, value: string): void;
}

/** Attributes that say where something is. */
const placed = / (d|[xy][12]?|c[xy]|width|height|transform)="([^"]*)"/gu;

const rounded = (number: string): string => String(Number(Number(number).toFixed(1)));
