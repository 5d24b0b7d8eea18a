import { plainText } from "../base/plain-text.ts";
import type { Journal } from "../contracts/journal.ts";
import type { JournalRecord } from "../model/journal.ts";
import { allByHand } from "../study/restore/by-hand.ts";
import { Pending } from "../study/restore/pending.ts";
import type { ExitCode } from "./exit-code.ts";
import { exitCode } from "./exit-code.ts";

/** What a run that is under way has not taken back yet. */
export class OpenRun {
  readonly pending = new Pending();
  /** Null: it has no folder yet, and has done nothing. */
  folder: string | null = null;

  /** The journal, with an ear on it: locks and acts alike stand in it before they are asked for. */
  hearing(journal: Journal): Journal {
    const heard = (record: JournalRecord): JournalRecord => {
      this.pending.record(record);
      return record;
    };
    return {
      append: async (event) => heard(await journal.append(event)),
      commit: async (event) => heard(await journal.commit(event)),
    };
  }
}

/** On the second Ctrl-C the user wants out before everything is taken back: what is left to do then, and the exit code. */
export function lastWords(
  signal: string,
  { pending, folder }: OpenRun,
): { readonly code: ExitCode; readonly headline: string; readonly lines: readonly string[] } {
  const headline = `Left at once on a second ${signal}`;
  if (pending.isSettled) {
    const code = exitCode.interrupted;
    const report = folder === null ? "" : ` Its report: blackout report ${folder}`;
    return { code, headline: `${headline}; nothing is left to take back.${report}`, lines: [] };
  }
  const locks = pending.locks().map((name) => `${name}: its lock is held, and keeps every run out`);
  return {
    code: exitCode.notRestored,
    headline: `${headline}. Take back what is left: blackout restore ${folder ?? "--all"}. It is:`,
    lines: [...allByHand(pending), ...locks].map(plainText),
  };
}
