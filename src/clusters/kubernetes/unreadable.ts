import { describeError } from "../../base/errors.ts";
import type { Span } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { between, earlier, later, seconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";

/** A server that tells nothing else must not fill the journal. */
const AT_MOST_EVERY = seconds(1);

type Tell = (seen: Span, why: string, server: string) => void;

interface Untold {
  readonly seen: Span;
  readonly why: string;
  readonly server: string;
  readonly count: number;
}

/** What of one collection could not be read: at most one gap a second, which spans all that it stands for. */
export class Unreadable {
  readonly #clock: Pick<Clock, "now">;
  readonly #tell: Tell;
  #untold: Untold | null = null;
  #toldAt: Instant | null = null;

  constructor(clock: Pick<Clock, "now">, tell: Tell) {
    this.#clock = clock;
    this.#tell = tell;
  }

  add(error: unknown, seen: Span, server: string): void {
    const before = this.#untold;
    this.#untold =
      before === null
        ? { seen, why: describeError(error), server, count: 1 }
        : { ...before, seen: around(before.seen, seen), count: before.count + 1 };
  }

  /** Tells what is due, after each thing that was seen. */
  tellDue(): void {
    const isDue =
      this.#toldAt === null || between(this.#toldAt, this.#clock.now()) >= AT_MOST_EVERY;
    if (isDue) this.tellAll();
  }

  /** Tells what has not been told, however short ago the last one was. */
  tellAll(): void {
    if (this.#untold === null) return;
    const { seen, why, server, count } = this.#untold;
    this.#untold = null;
    this.#toldAt = this.#clock.now();
    this.#tell(seen, count === 1 ? why : `${why} (and ${count - 1} more)`, server);
  }
}

const around = (a: Span, b: Span): Span => ({
  earliest: earlier(a.earliest, b.earliest),
  latest: later(a.latest, b.latest),
});
