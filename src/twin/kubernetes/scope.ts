import type { Duration } from "../../base/time.ts";
import { zero } from "../../base/time.ts";
import type { Scheduler } from "../../contracts/scheduler.ts";

/** The life of a process of the model (a kubelet, a controller-manager): nothing it planned happens after it ended. */
export class Scope {
  readonly #scheduler: Scheduler;
  readonly #ends: (() => void)[] = [];
  #alive = true;
  /** What fell due while the process was stopped (SIGSTOP); null: it runs. */
  #held: (() => void)[] | null = null;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  after(delay: Duration, run: () => void): void {
    this.#scheduler.after(delay, () => this.run(run));
  }

  /** Does what the process would do now: at once, when it goes on, or never when it has ended. */
  run(act: () => void): void {
    if (!this.#alive) return;
    if (this.#held === null) act();
    else this.#held.push(act);
  }

  /** SIGSTOP: timers and messages wait. */
  freeze(): void {
    this.#held ??= [];
  }

  /** SIGCONT: all that waited happens now, in its order. */
  thaw(): void {
    const held = this.#held ?? [];
    this.#held = null;
    for (const act of held) this.after(zero, act);
  }

  /** Runs when the process ends. */
  onEnd(end: () => void): void {
    this.#ends.push(end);
  }

  end(): void {
    this.#alive = false;
    for (const end of this.#ends.splice(0)) end();
  }

  /** A queue as controllers have it: a key waits in it at most once, and is handled by its newest state. */
  queue(handle: (key: string) => void): (key: string) => void {
    const waiting = new Set<string>();
    return (key) => {
      if (waiting.has(key)) return;
      waiting.add(key);
      this.after(zero, () => {
        waiting.delete(key);
        handle(key);
      });
    };
  }
}
