import type { JournalRecord } from "../model/journal.ts";
import { isJournalRecord } from "./journal-record.ts";
import { assertUnderstood } from "./newer-journal.ts";
import { parseJson } from "./parse-json.ts";
import type { Line } from "./read-lines.ts";
import { damaged, readLines } from "./read-lines.ts";

export interface JournalContents {
  readonly path: string;
  readonly records: readonly JournalRecord[];
  /** A last line that a crash cut off; what it said did not happen, since nothing is done before its line is on disk. */
  readonly torn: { readonly line: number; readonly text: string } | null;
  /** Length of the part that is whole: where a journal that goes on is cut. */
  readonly wholeBytes: number;
  /** Length of all that was there when it was read, torn part included. */
  readonly bytes: number;
}

/**
 * All records of a journal. A last line without its newline, or that is no record, is torn and left out; anything wrong
 * before it is an `environment` error with file and line, and so is a record of a version that knows more.
 */
export async function readJournal(path: string): Promise<JournalContents> {
  const records: JournalRecord[] = [];
  let suspect: Line | null = null;
  let [wholeBytes, bytes] = [0, 0];
  for await (const line of readLines(path)) {
    bytes = line.end;
    if (suspect !== null) throw damaged(path, suspect.number, "no record of a journal");
    const record = line.ended ? parseJson(line.text) : undefined;
    assertUnderstood({ path, number: line.number, value: record, earlier: records });
    if (!isJournalRecord(record)) {
      suspect = line;
      continue;
    }
    if (record.seq !== records.length + 1) {
      throw damaged(
        path,
        line.number,
        `record ${record.seq} where ${records.length + 1} should be`,
      );
    }
    records.push(record);
    wholeBytes = line.end;
  }
  const torn = suspect === null ? null : { line: suspect.number, text: suspect.text };
  return { path, records, torn, wholeBytes, bytes };
}
