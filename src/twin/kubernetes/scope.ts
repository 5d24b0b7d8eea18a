import type { Duration } from "../../base/time.ts";
import { zero } from "../../base/time.ts";
import type { Scheduler } from "../../contracts/scheduler.ts";

/** The life of a process of the model (a kubelet, a controller-manager): nothing it planned happens after it ended. */
export class Scope {
  readonly #scheduler: Scheduler;
  readonly #ends: (() => void)[] = [];
  #alive = true;

  constructor(scheduler: Scheduler) {
    this.#scheduler = scheduler;
  }

  after(delay: Duration, run: () => void): void {
    this.#scheduler.after(delay, () => {
      if (this.#alive) run();
    });
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
