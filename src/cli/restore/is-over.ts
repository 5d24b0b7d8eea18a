import { formatDuration } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ClusterLock } from "../../contracts/cluster-lock.ts";
import type { LockNote } from "../../model/lock.ts";
import { isLeftBehind, patienceFor } from "../../study/restore/left-behind.ts";
import { RestoreRefused } from "../../study/restore/right-cluster.ts";
import { isOwnerGone } from "../owner.ts";

interface Waiting {
  readonly clock: Clock;
  /** The user vouches that the run is dead. */
  readonly now: boolean;
  readonly tell: (line: string) => void;
}

/** Rejects with `unsafe` while the run that has the lock is alive: it takes back itself what it does. */
export async function assertIsOver(
  lock: ClusterLock,
  note: LockNote,
  { clock, now, tell }: Waiting,
  signal: AbortSignal,
): Promise<void> {
  const gone = isOwnerGone(note.owner);
  if (now || gone === true) return;
  if (gone === null) {
    tell(
      `run ${note.run} was started by ${note.owner}: watching its lock for ${formatDuration(patienceFor(note))} to see whether it is alive (--now: not)`,
    );
    if (await isLeftBehind(lock, note, clock, signal)) return;
  }
  throw stillGoingOn(note);
}

/**
 * Whether it is known to be dead, by its journal alone. Rejects with `unsafe` when it is known to be alive: then its journal
 * must not be touched either.
 */
export function isOwnerDead(run: string, owner: string | null): boolean {
  const gone = owner === null ? null : isOwnerGone(owner);
  if (owner !== null && gone === false) throw stillGoingOn({ run, owner });
  return gone === true;
}

const stillGoingOn = ({ run, owner }: Pick<LockNote, "run" | "owner">): RestoreRefused =>
  new RestoreRefused(
    `run ${run} of ${owner} is still going on, and takes back itself what it does: stop it with Ctrl-C (or, if that process is another by now: --now)`,
  );
