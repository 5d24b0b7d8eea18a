import type { Sample } from "../../model/sample.ts";

/** One bad attempt may be the prober's bad luck. A viewer's socket is closed as soon as it is not. */
const LOST_AFTER = 2;

/**
 * Whether a trial's desktop answers, by the samples that are taken anyway: so nothing is asked of it to find that out, and a
 * viewer comes back no sooner than the trial itself calls it answering.
 */
export class DesktopSight {
  readonly #consecutive: number;
  #good = 0;
  #bad = 0;
  #answers = false;

  /** @param consecutive how many good samples in a row count as answering */
  constructor(consecutive: number) {
    this.#consecutive = consecutive;
  }

  get answers(): boolean {
    return this.#answers;
  }

  take({ target, result }: Sample): void {
    if (target !== "desktop" || result.kind === "unobserved") return;
    this.#good = result.kind === "good" ? this.#good + 1 : 0;
    this.#bad = result.kind === "bad" ? this.#bad + 1 : 0;
    if (this.#good >= this.#consecutive) this.#answers = true;
    if (this.#bad >= LOST_AFTER) this.#answers = false;
  }
}
