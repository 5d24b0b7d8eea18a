import type { JournalRecord } from "../model/journal.ts";

/** Whose process did a run last: who went on with it, or who began it. Null: a version that did not say. */
export function ownerIn(records: readonly JournalRecord[]): string | null {
  const owners = records.flatMap(({ event }) =>
    event.kind === "run-started" || event.kind === "run-resumed" ? [event.owner ?? null] : [],
  );
  return owners.at(-1) ?? null;
}
