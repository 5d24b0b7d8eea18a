import type { Instant } from "../../base/time.ts";
import { between, longer, seconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";

/**
 * A server goes on with a request whose asker has gone. What it makes appears within this time: a write waits while the
 * ring re-forms (PVE: 8 s on three nodes, 10 s for a lock of the cluster) or etcd elects a leader (it gives up after 7 s).
 */
const SETTLE = seconds(20);
const LOOK_EVERY = seconds(1);

/**
 * What may still come of deploying. Before it has settled, "not there" means "not yet": what is removed by then, or put
 * back, would be made or changed once more by a request that was cut (Ctrl-C, an answer that was lost, a crash).
 */
export class LateRequests {
  /** By the trial's mark: since when nothing new was asked for; null: all that was asked for has been answered. */
  readonly #cuts = new Map<string, Instant | null>();

  /** Nothing has been asked for under this mark. */
  prepared(mark: string): void {
    this.#cuts.set(mark, null);
  }

  /** Deploys: known to be done if it resolves, cut if it rejects. */
  async during<T>(mark: string, clock: Clock, deploy: () => Promise<T>): Promise<T> {
    try {
      const value = await deploy();
      this.#cuts.set(mark, null);
      return value;
    } catch (error) {
      this.#cuts.set(mark, clock.now());
      throw error;
    }
  }

  /**
   * Resolves when nothing can come any more: at once where this process knows that all was answered, or when `isComplete`
   * sees what deploying makes last; else 20 s after the cut. A process that did not deploy itself counts from its first call.
   */
  async settled(
    { mark, isComplete }: { readonly mark: string; readonly isComplete: () => Promise<boolean> },
    clock: Clock,
    signal: AbortSignal,
  ): Promise<void> {
    const cut = this.#cuts.get(mark);
    if (cut === null) return;
    const since = cut ?? clock.now();
    this.#cuts.set(mark, since);
    while (between(since, clock.now()) < SETTLE && !(await isComplete())) {
      await clock.sleep(longer(LOOK_EVERY, clock.floor.period), signal);
    }
    this.#cuts.set(mark, null);
  }
}
