import type { JournalEvent } from "../../model/journal.ts";
import type { Sample } from "../../model/sample.ts";

/** One bad attempt may be the prober's bad luck. A viewer's socket is closed as soon as it is not. */
const LOST_AFTER = 2;

/** After the fault's request: its outage has been measured, or there is none to be measured any more. */
const NOTHING_TO_MEASURE: ReadonlySet<JournalEvent["kind"]> = new Set<JournalEvent["kind"]>([
  "fault-not-confirmed",
  "never-lost",
  "answering-again",
  "still-down",
  // What is taken back is over, however it ended.
  "undo-done",
  "undo-failed",
]);

/**
 * Whether a trial's desktop may be looked at. From the fault's request until its outage has been measured nobody asks it
 * anything but the probe. Otherwise it answers or it does not by the samples that are taken anyway: so nothing is asked of it
 * to find that out, and a viewer comes back no sooner than the trial itself calls it answering.
 */
export class DesktopSight {
  readonly #consecutive: number;
  #good = 0;
  #bad = 0;
  #answers = false;
  #measuring = false;

  /** @param consecutive how many good samples in a row count as answering */
  constructor(consecutive: number) {
    this.#consecutive = consecutive;
  }

  get sees(): "measured" | "silent" | "answers" {
    if (this.#measuring) return "measured";
    return this.#answers ? "answers" : "silent";
  }

  /** A fact of its trial. */
  note({ kind }: JournalEvent): void {
    if (kind === "fault-requested") this.#measuring = true;
    if (NOTHING_TO_MEASURE.has(kind)) this.#measuring = false;
  }

  take({ target, result }: Sample): void {
    if (target !== "desktop" || result.kind === "unobserved") return;
    this.#good = result.kind === "good" ? this.#good + 1 : 0;
    this.#bad = result.kind === "bad" ? this.#bad + 1 : 0;
    if (this.#good >= this.#consecutive) this.#answers = true;
    if (this.#bad >= LOST_AFTER) this.#answers = false;
  }
}
