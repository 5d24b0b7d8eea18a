import { OperatingError } from "../base/errors.ts";
import type { JournalRecord } from "../model/journal.ts";
import type { AnyRecord } from "./journal-record.ts";
import { isAnyRecord, isJournalRecord } from "./journal-record.ts";

/** The version of the journal that this program writes, and the only one that it reads. */
const FORMAT = 1;

/** A line of a journal, parsed, and the records before it. */
interface ParsedLine {
  readonly path: string;
  readonly number: number;
  readonly value: unknown;
  readonly earlier: readonly JournalRecord[];
}

/**
 * Refuses what another version has written and this one does not understand. It is neither damage nor torn, so nothing of
 * such a journal may be cut off, and nothing written to it: what is left undone only its own version knows.
 */
export function assertUnderstood({ path, number, value, earlier }: ParsedLine): void {
  if (!isAnyRecord(value)) return;
  const why = notUnderstood(value);
  if (why === null) return;
  const tool = toolOf([...earlier, value].map(({ event }) => event));
  throw new OperatingError(
    "environment",
    `Cannot read ${path}:${number} as ${why}: ${tool} has written it; use that version, or a newer one`,
    { facts: { path, line: number, tool } },
  );
}

function notUnderstood(record: AnyRecord): string | null {
  const { kind, format } = record.event;
  if (kind === "run-started" && format !== FORMAT)
    return `the journal's format is ${JSON.stringify(format ?? null)}, and this version reads only ${FORMAT}`;
  if (!isJournalRecord(record))
    return `this version knows no record of kind ${JSON.stringify(kind)}`;
  return null;
}

/** Whoever began it, resumed it or restored it last. */
function toolOf(events: readonly object[]): string {
  const tools = events.flatMap((event) => ("tool" in event ? [event.tool] : []));
  const tool = tools.at(-1);
  return typeof tool === "string" ? `blackout ${tool}` : "another version";
}
