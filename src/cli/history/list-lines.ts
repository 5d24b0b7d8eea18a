import { join } from "node:path";
import { plainText } from "../../base/plain-text.ts";
import { NONE, seconds } from "../../reporters/format.ts";
import type { TableOptions } from "../../reporters/terminal-table.ts";
import type { TextColumn } from "../../reporters/text-table.ts";
import { textTable, wrap } from "../../reporters/text-table.ts";
import { verdictWord } from "../../reporters/words.ts";
import type { KnownRun, ListedRun } from "./read-runs.ts";

/** Runs for a terminal: a row each, then what is wrong with some. */
export function listLines(
  reports: string,
  runs: readonly ListedRun[],
  { colours, width }: TableOptions,
): string {
  const known = runs.filter((run) => run.kind === "run");
  const table =
    known.length === 0 ? [] : textTable(columns(known), { width, paintTitle: colours.dim });
  const remarks = runs.flatMap((run) =>
    remarksOn(reports, run).flatMap((text) =>
      wrap(`! ${text}`, width, "  ").map((line) => colours.yellow(line)),
    ),
  );
  return [table, remarks]
    .filter((block) => block.length > 0)
    .map((block) => block.map((line) => `${line}\n`).join(""))
    .join("\n");
}

/** The name and the answer stay; what the name tells, too, goes first. */
function columns(runs: readonly KnownRun[]): readonly TextColumn[] {
  const column = (
    title: string,
    importance: number,
    cell: (run: KnownRun) => string,
    align: TextColumn["align"] = "left",
  ): TextColumn => ({
    title,
    align,
    importance,
    cells: runs.map((run) => plainText(cell(run))),
    paint: (text) => text,
  });
  return [
    column("run", 0, ({ folder }) => folder),
    column("started", 7, ({ started_wall }) => startedInWords(started_wall)),
    column("experiment", 6, ({ experiment }) => experiment.name),
    column("trials", 3, ({ trials }) => `${trials.completed}/${trials.planned}`, "right"),
    column("verdict", 1, ({ verdict }) => (verdict === null ? "not judged" : verdictWord[verdict])),
    column("recovery, s", 2, mediansInWords),
    column("of arms", 5, ({ arms }) => arms.map(({ name }) => name).join(" / ")),
    column("end", 4, endInWords),
    column("version", 8, ({ tool }) => tool),
  ];
}

/** `2026-11-22 16:24Z`. */
const startedInWords = (wall: string | null): string =>
  wall === null ? NONE : `${wall.slice(0, 16).replace("T", " ")}Z`;

/** Medians, in the order of the arms. */
const mediansInWords = ({ arms }: KnownRun): string =>
  arms.map(({ median_ms }) => (median_ms === null ? NONE : seconds(median_ms))).join(" / ");

function endInWords({ end, alive }: KnownRun): string {
  if (end !== null) return end;
  if (alive === null) return "no end";
  return alive ? "under way" : "died";
}

function remarksOn(reports: string, run: ListedRun): readonly string[] {
  if (run.kind === "unreadable") return [`${plainText(run.folder)}: ${plainText(run.why)}`];
  const path = plainText(join(reports, run.folder));
  return run.left_behind ? [`${path} left something behind: blackout restore ${path}`] : [];
}
