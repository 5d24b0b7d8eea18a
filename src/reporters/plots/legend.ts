import type * as Plot from "@observablehq/plot";
import type { Domain } from "./domain.ts";
import { lineMark, strokes, textMark } from "./strokes.ts";

/** A short line as it is drawn, and what it means. */
export interface Key {
  readonly text: string;
  readonly stroke: string;
  readonly strokeWidth: number;
  readonly strokeDasharray?: string;
}

const LEGEND_ROW = 20;

interface Placed {
  readonly key: Key;
  /** Pixels from the left end of the axis. */
  readonly left: number;
  readonly row: number;
}

export interface Legend {
  readonly height: number;
  readonly marks: (domain: Domain, top: number) => readonly Plot.Markish[];
}

/** Keys beside each other in as many rows as they need; `inner` is the axis' length in pixels. */
export function legendOf(keys: readonly Key[], inner: number): Legend {
  const placed: Placed[] = [];
  let [left, row] = [0, 0];
  for (const key of keys) {
    const width = LINE + GAP + key.text.length * LETTER + 2 * GAP;
    if (left > 0 && left + width > inner) [left, row] = [0, row + 1];
    placed.push({ key, left, row });
    left += width;
  }
  return {
    height: keys.length === 0 ? 0 : (row + 1) * LEGEND_ROW,
    marks: (domain, top) =>
      placed.flatMap((each) => keyMarks(each, { domain, inner, top: top + LEGEND_ROW / 2 })),
  };
}

const LINE = 24;
const GAP = 8;
/** Pixels that one takes in the widest font that may be drawn with. */
export const LETTER = 6.9;

function keyMarks(
  { key: { text, ...look }, left, row }: Placed,
  { domain: [low, high], inner, top }: { domain: Domain; inner: number; top: number },
): readonly Plot.Markish[] {
  const at = (pixels: number): number => low + ((high - low) * pixels) / inner;
  const y = top + row * LEGEND_ROW;
  return [
    lineMark(strokes([{ from: at(left), to: at(left + LINE), y }]), look),
    textMark([{ x: at(left + LINE + GAP), y, text }]),
  ];
}
