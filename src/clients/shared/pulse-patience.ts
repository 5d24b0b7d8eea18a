import { reasonOf } from "../../base/abort.ts";
import type { Duration, Instant } from "../../base/time.ts";
import { between, seconds, shorter, times } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import { deadlineOf } from "./patience.ts";

/** However often a host was too slow: an ordinary call would be given up after that, too. */
const LONGEST = seconds(5);
/** A host that was quick for so long is taken for a quick one again. About a node's shortest boot. */
const FORGIVEN_AFTER = seconds(30);

/**
 * How long one host may be silent when it is asked for a sign of life. Twice as long after each silence, so that hosts that
 * are merely slow are not given up again and again, one for the other.
 */
export class PulsePatience {
  readonly #least: Duration;
  readonly #clock: Clock;
  #factor = 1;
  /** How many signs of life did not come since the last one that did. */
  #missed = 0;
  #lastSlow: Instant | null = null;

  constructor(least: Duration, clock: Clock) {
    this.#least = least;
    this.#clock = clock;
  }

  /** `took`: from the question to the answer. */
  answered(took: Duration): void {
    if (took > this.#least) this.#lastSlow = this.#clock.now();
    // It was not slow but dead, and is to be found dead nearly as fast the next time.
    else if (this.#missed > 1) this.#factor = 2;
    this.#missed = 0;
  }

  wasSilent(): void {
    this.#factor = this.#forgiven() ? 2 : this.#factor * 2;
    this.#missed += 1;
    this.#lastSlow = this.#clock.now();
  }

  /**
   * Two waits, one after the other. When this process itself was held up, its timers are late and an answer may lie there
   * unread: it is read between the two.
   */
  deadline(): AbortSignal {
    const factor = this.#forgiven() ? 1 : this.#factor;
    const half = { least: shorter(times(this.#least, factor / 2), times(LONGEST, 0.5)), floors: 1 };
    const over = new AbortController();
    const first = deadlineOf(half, this.#clock);
    const onFirst = (): void => {
      const second = deadlineOf(half, this.#clock);
      second.addEventListener("abort", () => over.abort(reasonOf(second)), { once: true });
    };
    first.addEventListener("abort", onFirst, { once: true });
    return over.signal;
  }

  #forgiven(): boolean {
    return this.#lastSlow === null || between(this.#lastSlow, this.#clock.now()) > FORGIVEN_AFTER;
  }
}
