/** A table for people in plain text: as many columns as fit, the least important dropped first, none wrapped. */

export interface TextColumn {
  readonly title: string;
  readonly align: "left" | "right";
  /** 0 is never dropped; the highest goes first. */
  readonly importance: number;
  readonly cells: readonly string[];
  /** Adds colour after the cell has its width. */
  readonly paint: (text: string) => string;
}

export function textTable(
  columns: readonly TextColumn[],
  options: { readonly width: number; readonly paintTitle: (text: string) => string },
): readonly string[] {
  const fitting = fit(columns, options.width);
  const line = (cellOf: (column: TextColumn) => string): string =>
    fitting
      .map((column) => cellOf(column))
      .join(GAP)
      .trimEnd();
  const rows = Math.max(0, ...fitting.map((column) => column.cells.length));
  return [
    line((column) => options.paintTitle(pad(column.title, column))),
    ...Array.from({ length: rows }, (_, row) =>
      line((column) => column.paint(pad(column.cells[row] ?? "", column))),
    ),
  ];
}

const GAP = "  ";

function fit(columns: readonly TextColumn[], width: number): readonly TextColumn[] {
  const needed = columns.reduce((sum, column) => sum + widthOf(column), 0);
  const least = Math.max(...columns.map((column) => column.importance));
  if (needed + GAP.length * (columns.length - 1) <= width || least === 0) return columns;
  const dropped = columns.findLastIndex((column) => column.importance === least);
  return fit(
    columns.filter((_, index) => index !== dropped),
    width,
  );
}

const widthOf = (column: TextColumn): number =>
  Math.max(lengthOf(column.title), ...column.cells.map(lengthOf));

/** Code points, not UTF-16 units: a name may hold any letter. */
const lengthOf = (text: string): number => Array.from(text).length;

function pad(text: string, column: TextColumn): string {
  const blank = " ".repeat(widthOf(column) - lengthOf(text));
  return column.align === "left" ? text + blank : blank + text;
}

/** Breaks a sentence between words; later lines are indented. A word longer than the line stays whole. */
export function wrap(text: string, width: number, indent = ""): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    const longer = line === "" ? word : `${line} ${word}`;
    const room = width - (lines.length === 0 ? 0 : indent.length);
    if (line !== "" && lengthOf(longer) > room) {
      lines.push(line);
      line = word;
    } else {
      line = longer;
    }
  }
  lines.push(line);
  return lines.map((each, index) => (index === 0 ? each : indent + each));
}
