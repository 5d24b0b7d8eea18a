import type { TextColumn } from "../../src/reporters/text-table.ts";
import { textTable } from "../../src/reporters/text-table.ts";

/** A table as data; its first column names the rows, all others hold figures. */
export interface Table {
  readonly title: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly notes: readonly string[];
}

interface Paints {
  readonly bold: (text: string) => string;
  readonly dim: (text: string) => string;
}

/** As wide as it is: a table that is read in a file has no width to fit. */
const ANY_WIDTH = Number.POSITIVE_INFINITY;

export function inText(table: Table, paints: Paints): string {
  const columns = table.columns.map((title, index): TextColumn => ({
    title,
    align: index === 0 ? "left" : "right",
    importance: 0,
    cells: table.rows.map((row) => row[index] ?? ""),
    paint: (text) => text,
  }));
  const lines = textTable(columns, { width: ANY_WIDTH, paintTitle: paints.dim });
  return [paints.bold(table.title), ...lines, ...table.notes.map(paints.dim)].join("\n");
}

export function inMarkdown({ title, columns, rows, notes }: Table): string {
  const marks = columns.map((_, index) => (index === 0 ? "---" : "---:"));
  const table = [line(columns), line(marks), ...rows.map(line)].join("\n");
  return [`### ${title}`, table, ...notes].join("\n\n");
}

const line = (cells: readonly string[]): string => `| ${cells.join(" | ")} |`;
