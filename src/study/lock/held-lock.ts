import { orAborted } from "../../base/abort.ts";
import { OperatingError } from "../../base/errors.ts";
import type { Duration } from "../../base/time.ts";
import { inMs, minutes, seconds, times } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ClusterLock } from "../../contracts/cluster-lock.ts";
import type { LockNote } from "../../model/lock.ts";
import type { Owed } from "../../model/undo.ts";
import { limitFor } from "../patience.ts";

/** An outage of the API that is longer than this is told as one, and a lock that is older left behind. */
const TIME_TO_LIVE = seconds(120);
const RENEWALS_PER_LIFE = 4;
/** One write; the cluster's API may be re-forming. */
const WRITE_WITHIN = seconds(60);
/** One that is not given back keeps everybody out. */
export const RELEASE_WITHIN = minutes(3);

export interface Holder {
  readonly run: string;
  /** `ada@bench, process 4711`. */
  readonly owner: string;
}

/** What a trial needs of it. */
export type Owing = Pick<HeldLock, "lost" | "owe" | "settle">;

export type Taking =
  | { readonly kind: "held"; readonly lock: HeldLock }
  | { readonly kind: "refused"; readonly holder: LockNote };

/** Somebody took the lock away: whatever is under way here must end. */
export class LockLost extends Error {
  constructor(title: string, cause: unknown) {
    super(`the lock (${title}) is not this run's any more`, { cause });
    this.name = "LockLost";
  }
}

/**
 * A cluster's lock while this run has it: renewed by and by, and holding what this run owes the cluster, before the act.
 * An API that cannot be reached for a while takes nothing: no lock changes hands by itself.
 */
export class HeldLock {
  readonly #lock: ClusterLock;
  readonly #clock: Clock;
  readonly #lost = new AbortController();
  readonly #released = new AbortController();
  #note: LockNote;
  #writes: Promise<void> = Promise.resolve();

  private constructor(lock: ClusterLock, clock: Clock, note: LockNote) {
    this.#lock = lock;
    this.#clock = clock;
    this.#note = note;
  }

  static async take(
    lock: ClusterLock,
    holder: Holder,
    clock: Clock,
    signal: AbortSignal,
  ): Promise<Taking> {
    const taken = clock.wall().toUTC().toISO() ?? "";
    const life = { format: 1, taken, ttl_ms: inMs(TIME_TO_LIVE), owed: [] } as const;
    const note = { ...holder, ...life, ...stamps(clock) };
    const other = await lock.take(note, signal);
    if (other !== null) return { kind: "refused", holder: other };
    const held = new HeldLock(lock, clock, note);
    held.#keepRenewing();
    return { kind: "held", lock: held };
  }

  /** One that an earlier process of `note.run` left behind; with an owner that is alive from here on. */
  static async adopt(
    lock: ClusterLock,
    note: LockNote,
    clock: Clock,
    signal: AbortSignal,
  ): Promise<HeldLock> {
    const ours = { ...note, ttl_ms: inMs(TIME_TO_LIVE), ...stamps(clock) };
    await lock.write(ours, signal);
    const held = new HeldLock(lock, clock, ours);
    held.#keepRenewing();
    return held;
  }

  /** Aborted with `LockLost` when somebody else has it. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  owes(trial: string, id: number): boolean {
    return this.#note.owed.some((each) => each.trial === trial && each.id === id);
  }

  /** On the cluster when it resolves; rejects, and nothing must be done, when it cannot be written. */
  async owe(owed: Owed): Promise<void> {
    this.#note = { ...this.#note, owed: [...this.#note.owed, owed] };
    await this.#write();
  }

  /** It has been taken back. Never rejects: the next renewal says so too. */
  async settle(trial: string, id: number): Promise<void> {
    const owed = this.#note.owed.filter((each) => each.trial !== trial || each.id !== id);
    this.#note = { ...this.#note, owed };
    await this.#write().catch(() => undefined);
  }

  /** Gives it back, unless something is still owed: then it stays, and says what. True: it is back. */
  async release(): Promise<boolean> {
    await this.letGo();
    if (this.#note.owed.length > 0) return false;
    await this.#lock.release(this.#note.run, limitFor(this.#clock, RELEASE_WITHIN));
    return true;
  }

  /** Ends the renewing, with no write under way when it resolves: one that came late would be on another's lock. */
  async letGo(): Promise<void> {
    this.#released.abort();
    await this.#writes;
  }

  #keepRenewing(): void {
    const every: Duration = times(TIME_TO_LIVE, 1 / RENEWALS_PER_LIFE);
    const ended = this.#released.signal;
    const renew = async (): Promise<void> => {
      while (!ended.aborted) {
        await this.#clock.sleep(every, ended);
        await this.#write().catch(() => undefined);
      }
    };
    renew().catch(() => undefined);
  }

  /** One after the other. */
  async #write(): Promise<void> {
    const written = this.#writeAfter(this.#writes);
    this.#writes = written.catch(() => undefined);
    await written;
  }

  /** With what the note says by then. */
  async #writeAfter(earlier: Promise<void>): Promise<void> {
    await earlier;
    this.lost.throwIfAborted();
    this.#note = { ...this.#note, ...stamps(this.#clock) };
    const limit = limitFor(this.#clock, WRITE_WITHIN);
    try {
      await orAborted(this.#lock.write(this.#note, limit), limit);
    } catch (error) {
      if (error instanceof OperatingError && error.code === "unsafe") {
        this.#lost.abort(new LockLost(this.#lock.title, error));
      }
      throw error;
    }
  }
}

function stamps(clock: Clock): Pick<LockNote, "renewed" | "expires"> {
  const now = clock.wall().toUTC();
  return {
    renewed: now.toISO() ?? "",
    expires: now.plus({ milliseconds: inMs(TIME_TO_LIVE) }).toISO() ?? "",
  };
}

/** Why a run cannot have it, for people. */
export const holderInWords = ({ run, owner, expires, owed }: LockNote): string =>
  `run ${run} of ${owner} has it until ${expires}${owed.length === 0 ? "" : `, and owes: ${owed.map(({ act }) => act).join("; ")}`}`;
