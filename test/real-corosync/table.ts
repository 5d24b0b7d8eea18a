import { textTable } from "../../src/reporters/text-table.ts";
import type { TextColumn } from "../../src/reporters/text-table.ts";
import type { Range } from "./measure.ts";

export interface Row {
  readonly ring: string;
  readonly what: string;
  readonly measured: Range;
  /** Absent where no timer has to expire. */
  readonly age?: Range;
  /** 2.2 x token, less the age of the token. */
  readonly formula?: Range;
  readonly twin?: Range;
}

/** Every figure in seconds. `beyond` is how far the measured range lies outside the formula's. */
export function tableOf(rows: readonly Row[]): string {
  const columns = [
    column("token/coefficient", rows, (row) => row.ring),
    column("membership after", rows, (row) => row.what),
    column("token's age, s", rows, (row) => text(row.age)),
    column("measured, s", rows, (row) => text(row.measured)),
    column("formula, s", rows, (row) => text(row.formula)),
    column("twin, s", rows, (row) => text(row.twin)),
    column("beyond, s", rows, ({ measured, formula }) =>
      formula === undefined ? "" : beyond(measured, formula).toFixed(3),
    ),
  ];
  return textTable(columns, { width: 200, paintTitle: (title) => title }).join("\n");
}

function column(title: string, rows: readonly Row[], cell: (row: Row) => string): TextColumn {
  return { title, align: "left", importance: 0, cells: rows.map(cell), paint: (same) => same };
}

const text = (range: Range | undefined): string =>
  range === undefined ? "" : `${range.low.toFixed(3)} .. ${range.high.toFixed(3)}`;

function beyond(measured: Range, expected: Range): number {
  if (measured.low > expected.high) return measured.low - expected.high;
  return Math.min(0, measured.high - expected.low);
}
