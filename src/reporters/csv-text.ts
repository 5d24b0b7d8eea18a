import { stringify } from "csv-stringify/sync";
import type { Cell, Column } from "./columns/column.ts";

/** RFC 4180. Text that a spreadsheet would take for a formula gets an apostrophe in front; an empty cell is "not measured". */
export const csvText = (rows: readonly (readonly Cell[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    {
      escape_formulas: true,
      cast: { boolean: String },
    },
  );

export const headerOf = <Row>(columns: readonly Column<Row>[]): readonly string[] =>
  columns.map(({ name }) => name);

export const cellsOf = <Row>(columns: readonly Column<Row>[], row: Row): readonly Cell[] =>
  columns.map(({ cell }) => cell(row));
