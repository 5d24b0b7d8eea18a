import type { Duration, Instant } from "../../base/time.ts";
import { between, longer, zero } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { TwinTime } from "../lab-cluster.ts";
import { WakingQueue } from "./waking-queue.ts";

/** How late the twins' events ran, beyond what the clock says that they may. */
export interface Lateness {
  readonly worst: Duration;
  readonly times: number;
}

/**
 * Runs the twins' events as lab time passes, with one timer: it waits for the next event, and is set anew when an
 * earlier one is scheduled. However late the computer is, every event sees the instant at which it was due.
 */
export class TwinPump implements TwinTime {
  readonly queue = new WakingQueue();
  readonly #clock: Clock;
  /** The wait for the next event; null while there is none. */
  #waiting: { readonly until: Instant; readonly stop: AbortController } | null = null;
  #running = false;
  #closed = false;
  readonly #onLate: (due: Instant, by: Duration) => void;
  #lateness: Lateness = { worst: zero, times: 0 };

  constructor(clock: Clock, onLate: (due: Instant, by: Duration) => void = () => undefined) {
    this.#clock = clock;
    this.#onLate = onLate;
    this.queue.onScheduled = (when) => {
      if (!this.#running) this.#waitFor(when);
    };
  }

  /** An event that calls this again from within changes nothing: what is due runs after it, in its turn. */
  catchUp(): void {
    if (this.#running) return;
    this.#running = true;
    try {
      const now = this.#clock.now();
      this.#noteLateness(now);
      this.queue.advanceTo(now);
    } finally {
      this.#running = false;
    }
    const next = this.queue.nextAt();
    if (next !== null) this.#waitFor(next);
  }

  /** What measurements may be wrong by, since they trust the clock's `floor.lateness`. */
  lateness(): Lateness {
    return this.#lateness;
  }

  /** What was late while nobody could see it does no harm. */
  forgetLateness(): void {
    this.#lateness = { worst: zero, times: 0 };
  }

  wallSeconds(): number {
    return this.#clock.wall().toSeconds();
  }

  close(): void {
    this.#closed = true;
    this.#stopWaiting();
  }

  /** Of all that is due now, the first event waited longest. */
  #noteLateness(now: Instant): void {
    const due = this.queue.nextAt();
    if (due === null) return;
    const by = between(due, now);
    if (by <= this.#clock.floor.lateness) return;
    const { worst, times } = this.#lateness;
    this.#lateness = { worst: longer(worst, by), times: times + 1 };
    this.#onLate(due, by);
  }

  #waitFor(when: Instant): void {
    if (this.#closed || (this.#waiting !== null && this.#waiting.until <= when)) return;
    this.#stopWaiting();
    const stop = new AbortController();
    this.#waiting = { until: when, stop };
    void this.#wait(when, stop.signal);
  }

  /** An event that fails is a bug of a twin: the rejection is left to end the lab, which would lie from then on. */
  async #wait(until: Instant, signal: AbortSignal): Promise<void> {
    try {
      await this.#clock.sleep(longer(between(this.#clock.now(), until), zero), signal);
    } catch {
      return;
    }
    this.#waiting = null;
    this.catchUp();
  }

  #stopWaiting(): void {
    this.#waiting?.stop.abort(new Error("another event comes first"));
    this.#waiting = null;
  }
}
