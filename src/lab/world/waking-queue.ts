import type { Instant } from "../../base/time.ts";
import type { Cancel } from "../../contracts/scheduler.ts";
import { EventQueue } from "../../twin/event-queue.ts";

/** An event queue that tells when something is put into it, so that whoever drives it need not look all the time. */
export class WakingQueue extends EventQueue {
  onScheduled: (when: Instant) => void = () => undefined;

  override at(when: Instant, run: () => void): Cancel {
    const cancel = super.at(when, run);
    this.onScheduled(when);
    return cancel;
  }
}
