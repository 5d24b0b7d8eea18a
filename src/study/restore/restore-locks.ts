import { minutes } from "../../base/time.ts";
import type { ClusterDriver } from "../../contracts/cluster-driver.ts";
import type { ClusterLock } from "../../contracts/cluster-lock.ts";
import type { LockNote } from "../../model/lock.ts";
import type { Owed, Undo } from "../../model/undo.ts";
import { HeldLock } from "../lock/held-lock.ts";
import { limitFor } from "../patience.ts";
import type { ClusterReach } from "./right-cluster.ts";
import { answered, RestoreRefused, rightCluster } from "./right-cluster.ts";

interface Parts extends ClusterReach {
  /** The run that is restored. */
  readonly run: string;
  /** Who restores it. */
  readonly owner: string;
  /** Rejects with `unsafe` while the holder is alive. */
  readonly assertIsOver: (lock: ClusterLock, note: LockNote, signal: AbortSignal) => Promise<void>;
}

/** A cluster that is the right one and that nobody else is at. */
export interface Entered {
  readonly driver: ClusterDriver;
  /** Held and renewed from here on; null: nothing is owed to this cluster, and the run does not have its lock. */
  readonly lock: HeldLock | null;
}

/** For each read or write; an API may be re-forming. */
const WITHIN = minutes(3);

/** The locks of a run that is restored, in the hands of whoever restores it: two must not meet, as two runs must not. */
export class RestoreLocks {
  readonly #parts: Parts;
  readonly #locks = new Map<string, HeldLock | null>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /**
   * Proves the cluster's identity and takes over the lock that the run left, or takes one that is free. `owed` is what the
   * journal says is owed to the cluster. Rejects with `unsafe` where the run, or another one, is at it.
   */
  async enter(name: string, owed: readonly Owed[], signal: AbortSignal): Promise<Entered> {
    const { driver } = await rightCluster(name, this.#parts, signal);
    const known = this.#locks.get(name);
    const lock = known === undefined ? await this.#hold(name, driver.lock, owed, signal) : known;
    this.#locks.set(name, lock);
    lock?.lost.throwIfAborted();
    return { driver, lock };
  }

  /** It has been taken back. Never rejects. */
  async settle({ trial, id, undo }: Owed): Promise<void> {
    const lock = this.#locks.get(undo.cluster) ?? null;
    if (lock?.owes(trial, id) === true) await lock.settle(trial, id);
  }

  /** Gives it back where the run has it. */
  async release(name: string, signal: AbortSignal): Promise<void> {
    const { lock } = (await rightCluster(name, this.#parts, signal)).driver;
    await this.#locks.get(name)?.letGo();
    this.#locks.delete(name);
    await lock.release(this.#parts.run, signal);
  }

  /** Renews none any more, and waits for nothing. */
  close(): void {
    for (const lock of this.#locks.values()) lock?.letGo().catch(() => undefined);
  }

  async #hold(
    name: string,
    lock: ClusterLock,
    owed: readonly Owed[],
    signal: AbortSignal,
  ): Promise<HeldLock | null> {
    const { run, owner, clock, tell, assertIsOver } = this.#parts;
    const limit = (): AbortSignal => AbortSignal.any([signal, limitFor(clock, WITHIN)]);
    const until = limit();
    const look = async () => await lock.read(until);
    const found = await answered(name, look, { clock, tell }, until);
    if (found?.run === run) {
      await assertIsOver(lock, found, signal);
      return await HeldLock.adopt(lock, { ...found, owner }, clock, limit());
    }
    if (owed.length === 0) return null;
    if (found !== null) throw this.#anothers(name, lock, found);
    const taking = await HeldLock.take(lock, { run, owner }, clock, limit());
    if (taking.kind === "refused") throw this.#anothers(name, lock, taking.holder);
    for (const each of owed) if (!mayBeAnothers(each.undo)) await taking.lock.owe(each);
    return taking.lock;
  }

  #anothers(name: string, { title }: ClusterLock, holder: LockNote): RestoreRefused {
    const { run } = this.#parts;
    return new RestoreRefused(
      `Cannot restore run ${run} on ${name} as run ${holder.run} of ${holder.owner} has its lock (${title}), and would be disturbed. A lock that owes something changes hands only when it is restored or removed by hand: what ${run} did to ${name} has most likely been taken back. Once ${holder.run} has ended (or, if it is dead, after blackout restore --cluster ${name}), restore ${run} again: it looks at what is really left`,
    );
  }
}

/**
 * A VM that was there before the run: once the lock no longer owes it, its settings may have been changed by those whose it is.
 * So a free lock that is taken does not say again that it is owed, and it is put back only while it bears the mark.
 */
export const mayBeAnothers = (undo: Undo): boolean =>
  undo.kind === "remove-desktop" && undo.desktop.kind === "proxmox" && !undo.desktop.owned;
