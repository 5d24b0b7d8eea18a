import { OperatingError } from "../../src/base/errors.ts";
import type { ClusterLock } from "../../src/contracts/cluster-lock.ts";
import type { LockNote } from "../../src/model/lock.ts";
import { isSameHolder } from "../../src/model/lock.ts";

/** A cluster's lock in memory. */
export class FakeLock implements ClusterLock {
  readonly title = "a lock in memory";
  note: LockNote | null = null;
  /** Every note that was written, the oldest first. */
  readonly notes: LockNote[] = [];

  read = async (): Promise<LockNote | null> => await Promise.resolve(this.note);

  take = async (note: LockNote): Promise<LockNote | null> => {
    if (this.note !== null && !isSameHolder(this.note, note)) return this.note;
    await this.#put(note);
    return null;
  };

  write = async (note: LockNote): Promise<void> => {
    if (this.note?.run !== note.run) throw new OperatingError("unsafe", "the lock is not ours");
    await this.#put(note);
  };

  release = async (run: string): Promise<void> => {
    if (this.note?.run === run) this.note = null;
    await Promise.resolve();
  };

  async #put(note: LockNote): Promise<void> {
    this.note = note;
    this.notes.push(note);
    await Promise.resolve();
  }
}
