import type { Instant } from "../../base/time.ts";
import { milliseconds, sum } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import { LOCK_LIFETIME_SECONDS, UNLOCK_SHORTEST, UNLOCK_SPREAD_MS } from "./constants.ts";
import type { Simulation } from "./simulation.ts";

export const MANAGER_LOCK = "ha_manager_lock";
export const agentLock = (node: string): string => `ha_agent_${node}_lock`;

interface Lock {
  readonly writer: string;
  /** Whole wall seconds at which the renewal was delivered to the members. */
  readonly renewedAt: number;
}

/**
 * The directories under /etc/pve/priv/lock. Every node counts a lock's age for itself, and starts counting anew when
 * its pmxcfs does; only the count of the lowest live nodeid matters. So an age is that since the later of the last
 * renewal and the judge's own start.
 */
export class PmxcfsLocks {
  readonly #simulation: Simulation;
  readonly #random: Random;
  readonly #judge: () => string | null;
  readonly #onRemoved: (id: string) => void;
  readonly #locks = new Map<string, Lock>();
  readonly #startedAt = new Map<string, number>();

  constructor(simulation: Simulation, judge: () => string | null, onRemoved: (id: string) => void) {
    this.#simulation = simulation;
    this.#random = simulation.random.fork("locks");
    this.#judge = judge;
    this.#onRemoved = onRemoved;
  }

  /** Takes a lock that nobody holds. */
  mkdir(node: string, id: string): boolean {
    if (this.#locks.has(id)) return false;
    this.#hold(node, id);
    this.#simulation.truth("lock-taken", node, id);
    return true;
  }

  /** Renews a lock of one's own. */
  utime(node: string, id: string): boolean {
    if (this.#locks.get(id)?.writer !== node) return false;
    this.#hold(node, id);
    this.#simulation.truth("lock-renewed", node, id);
    return true;
  }

  /** `utime(0, 0)`: the judge deletes the lock a moment later if it has expired. Whoever wants it has to come again. */
  requestUnlock(id: string): void {
    const lock = this.#locks.get(id);
    if (lock === undefined || !this.#isExpired(lock)) return;
    const delay = sum(UNLOCK_SHORTEST, milliseconds(UNLOCK_SPREAD_MS * this.#random.next()));
    this.#simulation.after(delay, () => {
      if (this.#locks.get(id) !== lock) return;
      this.#simulation.truth("lock-unlocked", this.#judge(), id);
      this.remove(id);
    });
  }

  /** How things stood before the twin began. */
  assumeHeld(writer: string, id: string, renewedAt: number): void {
    this.#locks.set(id, { writer, renewedAt });
  }

  remove(id: string): void {
    this.#locks.delete(id);
    this.#onRemoved(id);
  }

  /** When the judge will first call the lock expired; null when nobody holds it. */
  expiresAt(id: string): Instant | null {
    const lock = this.#locks.get(id);
    if (lock === undefined) return null;
    return this.#simulation.startOfSecond(this.#countedFrom(lock) + LOCK_LIFETIME_SECONDS + 1);
  }

  /** The pmxcfs of `node` started: it counts the age of every lock from now on. */
  started(node: string): void {
    this.#startedAt.set(node, this.#simulation.wallSeconds());
  }

  #hold(writer: string, id: string): void {
    this.#locks.set(id, { writer, renewedAt: this.#simulation.wallSeconds() });
  }

  #isExpired(lock: Lock): boolean {
    return this.#simulation.wallSeconds() - this.#countedFrom(lock) > LOCK_LIFETIME_SECONDS;
  }

  #countedFrom(lock: Lock): number {
    const judge = this.#judge();
    const started = judge === null ? undefined : this.#startedAt.get(judge);
    return Math.max(lock.renewedAt, started ?? Number.NEGATIVE_INFINITY);
  }
}
