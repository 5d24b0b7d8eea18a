import type { JournalRecord } from "../../model/journal.ts";
import type { Owed } from "../../model/undo.ts";

/** What a run has done, or begun, and not yet taken back, as its journal tells. */
export class Pending {
  readonly #owed = new Map<string, Owed>();
  readonly #locks = new Set<string>();

  record({ event }: Pick<JournalRecord, "event">): void {
    if (event.kind === "intent") {
      const { trial, id, act, undo } = event;
      this.#owed.set(`${trial} ${id}`, { trial, id, act, undo });
    } else if (event.kind === "undo-done") {
      this.#owed.delete(`${event.trial} ${event.id}`);
    } else if (event.kind === "lock-wanted") {
      this.#locks.add(event.cluster);
    } else if (event.kind === "lock-refused" || event.kind === "lock-released") {
      this.#locks.delete(event.cluster);
    }
  }

  /** The oldest first. */
  owed(): readonly Owed[] {
    return [...this.#owed.values()];
  }

  /** Clusters whose lock this run may still have. */
  locks(): readonly string[] {
    return [...this.#locks];
  }

  get isSettled(): boolean {
    return this.#owed.size === 0 && this.#locks.size === 0;
  }
}

export function pendingIn(records: readonly Pick<JournalRecord, "event">[]): Pending {
  const pending = new Pending();
  for (const record of records) pending.record(record);
  return pending;
}
