import { describeError, OperatingError } from "../../base/errors.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { JournalEvent } from "../../model/journal.ts";
import { FileJournal } from "../../store/file-journal.ts";
import { scrubber } from "../surroundings.ts";
import type { JournalContents } from "../../store/read-journal.ts";
import type { Unfinished } from "../../study/restore/restore.ts";

export interface RestoreJournal {
  /** Never rejects. */
  readonly note: (event: JournalEvent) => Promise<void>;
  readonly close: () => Promise<void>;
}

/**
 * A journal that cannot be written any more (a full disk, a read-only folder) is told, once, and keeps no node off. Rejects
 * with `unsafe` when another process is writing it.
 */
export async function openJournal(
  contents: JournalContents,
  clock: Clock,
  tell: (line: string) => void,
): Promise<RestoreJournal> {
  let journal: FileJournal | null = null;
  const give = (error: unknown): void => {
    tell(`what is taken back is not noted: ${describeError(error)}`);
    journal = null;
  };
  try {
    journal = await FileJournal.continue(contents, clock, scrubber.scrub);
  } catch (error) {
    // Whoever writes it takes back the same things at the same time.
    if (error instanceof OperatingError && error.code === "unsafe") throw error;
    give(error);
  }
  return {
    note: async (event) => {
      await journal?.commit(event).catch(give);
    },
    close: async () => {
      await journal?.close().catch(give);
    },
  };
}

/** On a lab that is gone nothing is left. */
export async function closeAll(
  { owed, locks }: Unfinished,
  note: RestoreJournal["note"],
): Promise<void> {
  for (const { trial, id } of owed.toReversed()) await note({ kind: "undo-done", trial, id });
  for (const cluster of locks) await note({ kind: "lock-released", cluster });
}
