import { describeError } from "../../base/errors.ts";
import { minutes } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ClusterLock } from "../../contracts/cluster-lock.ts";
import type { Journal } from "../../contracts/journal.ts";
import { isSameHolder } from "../../model/lock.ts";
import { limitFor } from "../patience.ts";
import type { Holder } from "./held-lock.ts";
import { HeldLock, RELEASE_WITHIN } from "./held-lock.ts";
import { lockRefusal } from "./lock-refusal.ts";

interface Parts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly holder: Holder;
}

/** A write that waits for a cluster that is re-forming. */
const TAKE_WITHIN = minutes(3);

/** The locks of all clusters of a run. In the journal before they are asked for. */
export class LocksOfRun {
  readonly #parts: Parts;
  readonly #held = new Map<string, HeldLock>();
  /** Asked for without a clear answer: they may be ours. */
  readonly #doubtful = new Map<string, ClusterLock>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get(cluster: string): HeldLock | undefined {
    return this.#held.get(cluster);
  }

  /**
   * Null: it is ours. Otherwise who has it, in words. `stop` does not end it half-way, when nobody knew whether the lock
   * was taken.
   */
  async take(cluster: string, lock: ClusterLock, stop: AbortSignal): Promise<string | null> {
    const { journal, clock, holder } = this.#parts;
    stop.throwIfAborted();
    await journal.commit({ kind: "lock-wanted", cluster, lock: lock.title });
    this.#doubtful.set(cluster, lock);
    const taking = await HeldLock.take(lock, holder, clock, limitFor(clock, TAKE_WITHIN));
    this.#doubtful.delete(cluster);
    if (taking.kind === "held") {
      this.#held.set(cluster, taking.lock);
      return null;
    }
    await journal.append({ kind: "lock-refused", cluster, holder: taking.holder });
    const { guard, saw, needs } = lockRefusal(cluster, taking.holder);
    return `${guard}: ${saw}; needs ${needs}`;
  }

  /** Gives back those that owe nothing. What could not be given back, in words. Never rejects. */
  async release(): Promise<readonly string[]> {
    const { clock, holder } = this.#parts;
    const failures: string[] = [];
    const giveBack = async (cluster: string, act: () => Promise<boolean>): Promise<void> => {
      try {
        if (!(await act())) return;
      } catch (error) {
        failures.push(`the lock of ${cluster}: ${describeError(error)}`);
        return;
      }
      await this.#noteReleased(cluster);
    };
    for (const [cluster, lock] of this.#held) {
      await giveBack(cluster, async () => await lock.release());
    }
    for (const [cluster, lock] of this.#doubtful) {
      await giveBack(cluster, async () => {
        const limit = limitFor(clock, RELEASE_WITHIN);
        const there = await lock.read(limit);
        // Another process of the same run may have it.
        if (there !== null && isSameHolder(there, holder)) await lock.release(holder.run, limit);
        return true;
      });
    }
    this.#held.clear();
    this.#doubtful.clear();
    return failures;
  }

  /** A journal that cannot be written keeps no lock: whoever restores finds it given back. */
  async #noteReleased(cluster: string): Promise<void> {
    const { journal } = this.#parts;
    await journal.append({ kind: "lock-released", cluster }).catch(() => undefined);
  }
}
