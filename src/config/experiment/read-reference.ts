import { describeError } from "../../base/errors.ts";
import type { Reference } from "../../model/experiment.ts";
import type { ExperimentFile } from "./experiment-schema.ts";

type ReferenceEntry = ExperimentFile["references"][number];

const UNIT_IN_MS = { ms: 1, s: 1000, m: 60_000 } as const;

/** The values of one column, or what is wrong with it and under which key of the entry. */
export function readReference(
  entry: ReferenceEntry,
  readFile: () => string,
): Reference | { readonly key: "csv" | "column"; readonly problem: string } {
  const rows = tryToRead(readFile);
  if ("problem" in rows) return { key: "csv", problem: `cannot be read: ${rows.problem}` };
  const [header = [], ...records] = rows.rows;
  const at = header.indexOf(entry.column);
  if (at === -1) {
    return { key: "column", problem: `is not in ${entry.csv}; it has: ${header.join(", ")}` };
  }
  const cells = records.map((record) => record[at] ?? "");
  const wrong = cells.findIndex((cell) => !/^\d+(\.\d+)?$/.test(cell));
  if (wrong !== -1 || cells.length === 0) {
    const what = wrong === -1 ? "has no values" : `record ${wrong + 1} is not a number`;
    return { key: "column", problem: `${what} in ${entry.csv}` };
  }
  return {
    title: entry.title,
    arm: entry.arm,
    measure: entry.measure,
    source: `${entry.csv}, column ${entry.column}`,
    values_ms: cells.map((cell) => Number(cell) * UNIT_IN_MS[entry.unit]),
  };
}

/** Fields between commas; a quoted field loses its quotes. Enough for columns of numbers. */
function tryToRead(
  readFile: () => string,
): { readonly rows: readonly string[][] } | { readonly problem: string } {
  try {
    const lines = readFile()
      .replace(/^\uFEFF/, "")
      .split(/\r?\n/)
      .filter((line) => line.trim() !== "");
    return { rows: lines.map((line) => line.split(",").map(unquoted)) };
  } catch (error) {
    return { problem: describeError(error) };
  }
}

const unquoted = (field: string): string => field.trim().replace(/^"(.*)"$/, "$1");
