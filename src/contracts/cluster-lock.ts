import type { LockNote } from "../model/lock.ts";

/**
 * One lock per cluster, kept by the cluster itself, so that two runs cannot meet and that the next one knows what an earlier
 * one left behind. It never changes hands by itself: whoever finds it left behind restores the cluster first. Every method
 * rejects with an `OperatingError` and obeys its signal; `unsafe` when something else bears the lock's name.
 */
export interface ClusterLock {
  /** What it is, for people: `Lease default/blackout`. */
  readonly title: string;

  /** What the holder wrote; null: nobody has it. */
  read(signal: AbortSignal): Promise<LockNote | null>;

  /**
   * Takes it, atomically. Null: it is that of `note.run` and `note.owner` now, or was already (an answer that was lost).
   * Otherwise what the holder wrote, who may be another process of the same run; then nothing was changed.
   */
  take(note: LockNote, signal: AbortSignal): Promise<LockNote | null>;

  /** Replaces the note of `note.run`. Rejects with `unsafe` when the lock is another's or nobody's. */
  write(note: LockNote, signal: AbortSignal): Promise<void>;

  /** Gives it back where `run` has it; does nothing otherwise. Safe to repeat. */
  release(run: string, signal: AbortSignal): Promise<void>;
}
