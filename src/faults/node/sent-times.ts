import type { Span } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { later } from "../../base/time.ts";

/** When the request itself was sent to each victim, which is after logging in: nothing we did can have struck before. */
export class SentTimes {
  readonly #sent = new Map<string, Instant>();

  forget(victim: string): void {
    this.#sent.delete(victim);
  }

  note(victim: string, sent: Instant): void {
    this.#sent.set(victim, sent);
  }

  /** What is known of the request: `requested` is when it was asked of us. */
  narrow(victim: string, requested: Span): Span {
    const sent = this.#sent.get(victim);
    if (sent === undefined) return requested;
    const earliest = later(requested.earliest, sent);
    return { earliest, latest: later(earliest, requested.latest) };
  }
}
