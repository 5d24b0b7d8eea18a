import type { Duration } from "../../base/time.ts";
import { milliseconds, seconds, shorter } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ClusterLock } from "../../contracts/cluster-lock.ts";
import type { LockNote } from "../../model/lock.ts";

/** A holder that is alive renews every quarter of the time to live; half of it without is enough, and a write may take its time. */
const PATIENCE = 0.6;
const LOOK_EVERY = seconds(2);

/**
 * Whether the holder of a lock is gone, by our own clock alone: it has not renewed for longer than one that is alive lets pass.
 * Stamps are only compared with each other, as clocks differ. False as soon as it renews.
 */
export async function isLeftBehind(
  lock: ClusterLock,
  note: LockNote,
  clock: Clock,
  signal: AbortSignal,
): Promise<boolean> {
  const until = clock.timeout(patienceFor(note));
  while (!until.aborted) {
    const now = await lock.read(signal);
    if (now === null || now.run !== note.run) return now === null;
    if (now.renewed !== note.renewed) return false;
    await clock
      .sleep(shorter(LOOK_EVERY, patienceFor(note)), AbortSignal.any([signal, until]))
      .catch(() => signal.throwIfAborted());
  }
  return true;
}

export const patienceFor = ({ ttl_ms }: Pick<LockNote, "ttl_ms">): Duration =>
  milliseconds(ttl_ms * PATIENCE);
