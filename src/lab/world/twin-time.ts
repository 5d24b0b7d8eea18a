import type { Instant } from "../../base/time.ts";
import { between, longer, zero } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { TwinTime } from "../lab-cluster.ts";
import { WakingQueue } from "./waking-queue.ts";

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

  constructor(clock: Clock) {
    this.#clock = clock;
    this.queue.onScheduled = (when) => {
      if (!this.#running) this.#waitFor(when);
    };
  }

  /** An event that calls this again from within changes nothing: what is due runs after it, in its turn. */
  catchUp(): void {
    if (this.#running) return;
    this.#running = true;
    try {
      this.queue.advanceTo(this.#clock.now());
    } finally {
      this.#running = false;
    }
    const next = this.queue.nextAt();
    if (next !== null) this.#waitFor(next);
  }

  wallSeconds(): number {
    return this.#clock.wall().toSeconds();
  }

  close(): void {
    this.#closed = true;
    this.#stopWaiting();
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
