import type { RangeMs } from "../../base/interval.ts";
import { middleMs } from "../../base/interval.ts";
import type { Scale } from "./scale.ts";

export interface Dodged {
  /** The row of each mark, 0 being next to the base line. */
  readonly rows: readonly number[];
  readonly depth: number;
}

/** Marks closer together than this share of the width would hide each other. */
const CLOSE = 0.0125;

/** Moves marks that would hide each other into rows of their own; the same marks always go to the same rows. */
export function dodge(ranges: readonly RangeMs[], { low, high }: Scale): Dodged {
  const half = ((high - low) * CLOSE) / 2;
  const rows: number[] = ranges.map(() => 0);
  const ends: number[] = [];
  const ordered = ranges
    .map((range, index) => ({ index, range, at: middleMs(range) }))
    .toSorted((a, b) => a.at - b.at);
  for (const { index, range, at } of ordered) {
    const from = Math.min(range[0], at - half);
    const free = ends.findIndex((end) => end <= from);
    const row = free === -1 ? ends.length : free;
    ends[row] = Math.max(range[1], at + half);
    rows[index] = row;
  }
  return { rows, depth: Math.max(1, ends.length) };
}
