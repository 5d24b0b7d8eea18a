import { LOCK_RENEWABLE_SECONDS, ONE_SECOND_SLEEP, PROTECTED_LOCK_TRIES } from "./constants.ts";
import type { NodeProcess, Steps } from "./node-process.ts";
import type { PmxcfsLocks } from "./pmxcfs-locks.ts";
import type { Simulation } from "./simulation.ts";

/** One process's way to a lock. What it held before it was restarted it does not know. */
export class LockClient {
  readonly #process: NodeProcess;
  readonly #simulation: Simulation;
  readonly #locks: PmxcfsLocks;
  readonly #id: string;
  #lastHeld = Number.NEGATIVE_INFINITY;

  constructor(process: NodeProcess, simulation: Simulation, locks: PmxcfsLocks, id: string) {
    this.#process = process;
    this.#simulation = simulation;
    this.#locks = locks;
    this.#id = id;
  }

  /** This process held the lock at wall second `wall`. */
  assumeHeld(wall: number): void {
    this.#lastHeld = wall;
  }

  /** One try, which waits while the ring re-forms. */
  *tryOnce(): Steps<boolean> {
    const asked = this.#simulation.wallSeconds();
    const renew = asked - this.#lastHeld < LOCK_RENEWABLE_SECONDS;
    const outcome = yield* this.#process.write(() => this.#take(renew));
    const held = outcome.kind === "done" && outcome.value;
    if (held) this.#lastHeld = asked;
    return held;
  }

  /** Six tries, a second apart. */
  *tryPersistently(): Steps<boolean> {
    for (let count = 1; ; count++) {
      if (yield* this.tryOnce()) return true;
      if (count === PROTECTED_LOCK_TRIES) return false;
      yield* this.#process.sleep(ONE_SECOND_SLEEP);
    }
  }

  release(): void {
    this.#lastHeld = Number.NEGATIVE_INFINITY;
    this.#locks.remove(this.#id);
  }

  #take(renew: boolean): boolean {
    const { node } = this.#process;
    if (renew && this.#locks.utime(node, this.#id)) return true;
    return takeOrUnlock(this.#locks, node, this.#id);
  }
}

/** The two-round take-over: a held lock can only be asked to be deleted, and be taken the next time. */
export function takeOrUnlock(locks: PmxcfsLocks, node: string, id: string): boolean {
  if (locks.mkdir(node, id)) return true;
  locks.requestUnlock(id);
  return false;
}
