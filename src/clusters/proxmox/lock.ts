import { OperatingError } from "../../base/errors.ts";
import { seconds } from "../../base/time.ts";
import {
  isProxyFailure,
  ProxmoxApiError,
  ProxmoxTransportError,
} from "../../clients/proxmox/api-error.ts";
import { pool } from "../../clients/proxmox/replies.ts";
import { parse } from "../../clients/shared/parse.ts";
import { retrying } from "../../clients/shared/retrying.ts";
import type { ClusterLock } from "../../contracts/cluster-lock.ts";
import type { LockNote } from "../../model/lock.ts";
import { isSameHolder } from "../../model/lock.ts";
import { readNote, writeNote } from "../shared/lock-note.ts";
import type { Session } from "./session.ts";

const POOL = "blackout-lock";
/** Deprecated since 8.1, since it cannot name a pool within a pool; the form that replaces it (`?poolid=`) is unknown to 7. */
const PATH = `/pools/${POOL}`;

/** Before a write whose answer was lost, or that PVE refused for now, is tried again. */
const PAUSE_AFTER_ERROR = seconds(2);

type Parts = Pick<Session, "api" | "clock" | "cluster">;

/**
 * An empty resource pool of a fixed id, the note in its comment. PVE makes a pool under one lock of the whole cluster and
 * refuses a second one of the same id (PVE/API2/Pool.pm). Writes wait while the ring re-forms; each is tried until `signal`
 * ends, so that a host that dies with the answer does no harm: PVE gives up on that lock after 10 s, before a call here does.
 *
 * PVE has no compare-and-swap: between the look whose note it is and the write after it another could come. None does: the
 * lock never changes hands by itself, and whoever clears one that was left behind has made sure that its holder is gone.
 */
export function poolLock(parts: Parts): ClusterLock {
  const where = `pool ${POOL} of ${parts.cluster.name}`;
  const read = async (signal: AbortSignal): Promise<LockNote | null> =>
    await readPool(parts, where, signal);
  const persistently = async <T>(
    what: string,
    signal: AbortSignal,
    act: () => Promise<T>,
  ): Promise<T> =>
    await retrying(
      {
        what: `${what} ${where}`,
        otherwise: `Look at that pool's comment before anything else is run on ${parts.cluster.name}`,
        pause: PAUSE_AFTER_ERROR,
        refused: null,
        clock: parts.clock,
      },
      signal,
      act,
    );
  return {
    title: `pool ${POOL}`,
    read,
    take: async (note, signal) => {
      const parameters = { poolid: POOL, comment: writeNote(note) };
      return await persistently("make", signal, async () => {
        const made = parts.api.call({ method: "POST", path: "/pools", parameters }, signal);
        return await made.then(
          () => null,
          async (error: unknown) => await holderAfter(error, note, async () => read(signal)),
        );
      });
    },
    write: async (note, signal) => {
      const parameters = { comment: writeNote(note) };
      await persistently("write the comment of", signal, async () => {
        const holder = await read(signal);
        if (holder?.run !== note.run) throw notOurs(where, note.run, holder);
        await parts.api.call({ method: "PUT", path: PATH, parameters }, signal);
      });
    },
    release: async (run, signal) => {
      await persistently("remove", signal, async () => {
        const holder = await read(signal);
        if (holder?.run !== run) return;
        await parts.api.call({ method: "DELETE", path: PATH }, signal).catch(ifMissing);
      });
    },
  };
}

async function readPool(
  { api }: Parts,
  where: string,
  signal: AbortSignal,
): Promise<LockNote | null> {
  const reply = await api.call({ method: "GET", path: PATH }, signal).catch(ifMissing);
  if (reply === null) return null;
  return readNote(parse(pool, reply.data, `GET ${PATH}`).comment, where);
}

/** Who has the lock after a try to take it that failed; null: this process has, by this try or an earlier one. */
async function holderAfter(
  error: unknown,
  note: LockNote,
  read: () => Promise<LockNote | null>,
): Promise<LockNote | null> {
  const taken = error instanceof ProxmoxApiError && /already exists/.test(error.reason);
  const lost = error instanceof ProxmoxTransportError || isProxyFailure(error);
  if (!taken && !lost) throw error;
  const holder = await read();
  // Not made, or not yet, or given back since then: the next try will tell.
  if (holder === null) throw error;
  return isSameHolder(holder, note) ? null : holder;
}

function notOurs(where: string, run: string, holder: LockNote | null): OperatingError {
  const whose = holder === null ? "nobody has it" : `${holder.owner} has it for run ${holder.run}`;
  return new OperatingError(
    "unsafe",
    `Cannot write to ${where} for run ${run} as the lock is not that run's any more: ${whose}`,
    { facts: { run, holder: holder?.run ?? null } },
  );
}

function ifMissing(error: unknown): null {
  if (error instanceof ProxmoxApiError && error.saysMissing) return null;
  throw error;
}
