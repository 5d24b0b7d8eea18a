import { either, orAborted } from "../../base/abort.ts";
import { AssertionError } from "../../base/assert.ts";
import { spanInMs, spanOf } from "../../base/interval.ts";
import type { SpanMs } from "../../base/interval.ts";
import type { Duration, Instant } from "../../base/time.ts";
import {
  after,
  between,
  inMs,
  instantInMs,
  longer,
  seconds,
  times,
  zero,
} from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { SessionFact } from "../../model/held-session.ts";
import { Nonsense } from "../attempt-failure.ts";
import type { ScreenSize } from "../frame-places.ts";
import { tileAt } from "../frame-places.ts";
import { preferences, updateRequest } from "../rfb/messages.ts";
import { indifferent, readUpdate } from "../rfb/read-update.ts";
import { breakageOf } from "./breakage-of.ts";
import type { Session } from "./open-session.ts";

/** How often a piece of the picture is asked for. */
const PACE = seconds(1);
/** An answer that takes longer is a picture that stands still. A living desktop on a local network takes some milliseconds. */
const PATIENCE = seconds(3);
/**
 * It is waited for in so many parts. Node looks at timers before sockets, so where this process stands still for longer
 * than that, one part is over before the answer is read, and the others are still to come.
 */
const PARTS = 10;
/** Pixels each way, in the middle of the screen. */
const PIECE_SIDE = 16;
const MIDDLE = { across: 0.5, down: 0.5 } as const;
/** More tell no story. */
const MOST_FREEZES = 100;

/**
 * Asks for a small piece of the picture, whether it has changed or not (one of a desktop at rest would never come), waits
 * for it, and asks again. While one is not answered nothing more is sent: TCP repeats it, and so learns, as for a user
 * who has moved the mouse, what became of the other side.
 */
export async function watchPicture(
  session: Session,
  clock: Clock,
  tell: (fact: SessionFact) => void,
  signal: AbortSignal,
): Promise<void> {
  const picture = new Picture(session, clock, tell);
  const over = new AbortController();
  try {
    await picture.watch(either(signal, over.signal));
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    picture.ended(signal.aborted ? null : error);
  } finally {
    over.abort();
  }
}

class Picture {
  readonly #session: Session;
  readonly #clock: Clock;
  readonly #tell: (fact: SessionFact) => void;
  #screen: ScreenSize;
  #answer: Promise<void>;
  /** When what was answered last was asked for. */
  #lived: Instant;
  #roundTrip: Duration = zero;
  /** When that was asked for which is not answered yet. */
  #asked: Instant | null = null;
  #frozen: SpanMs | null = null;
  #freezes = 0;
  #isHeld = false;

  constructor(session: Session, clock: Clock, tell: (fact: SessionFact) => void) {
    this.#session = session;
    this.#clock = clock;
    this.#tell = tell;
    this.#screen = session.screen;
    this.#answer = this.#next();
    this.#lived = clock.now();
  }

  /** Rejects when the session breaks, or `signal` is aborted. */
  async watch(signal: AbortSignal): Promise<never> {
    const every = longer(PACE, this.#clock.floor.period);
    const patience = longer(PATIENCE, this.#clock.floor.deadline);
    this.#session.pipe.send(preferences);
    for (let count = 0; ; count++) {
      const asked = this.#ask();
      if (!(await this.#isAnsweredWithin(patience, signal))) {
        if (count === 0) throw new Nonsense("no picture came");
        this.#freeze(asked);
      }
      await orAborted(this.#answer, signal);
      this.#answered(asked);
      if (count === 0) this.#held(asked, every);
      // Meanwhile it is listened to: a session may break at rest.
      this.#answer = this.#next();
      const rest = this.#clock.sleep(between(this.#clock.now(), after(asked, every)), signal);
      await Promise.race([rest, this.#answer.then(async () => await rest)]);
    }
  }

  /** @param error what broke it; null: it is left */
  ended(error: unknown): void {
    if (!this.#isHeld) {
      const detail = error === null ? "the trial ended before" : breakageOf(error).detail;
      this.#tell({ kind: "session-not-held", detail });
      return;
    }
    const at_ms = instantInMs(this.#clock.now());
    const { how, detail } =
      error === null ? ({ how: "left-open", detail: "" } as const) : breakageOf(error);
    const pending = error === null || this.#asked === null ? null : this.#since(this.#asked);
    const since_ms = this.#frozen ?? pending;
    this.#tell({ kind: "session-ended", at_ms, how, detail, since_ms });
  }

  #held(asked: Instant, every: Duration): void {
    this.#isHeld = true;
    this.#tell({
      kind: "session-held",
      asked_ms: instantInMs(asked),
      instance: this.#session.journey.instance ?? this.#session.name,
      every_ms: inMs(every),
    });
  }

  #ask(): Instant {
    const asked = this.#clock.now();
    this.#asked = asked;
    this.#session.pipe.send(updateRequest(tileAt(MIDDLE, this.#screen, PIECE_SIDE)));
    return asked;
  }

  /** Its end is heard of where it is waited for; after that it concerns nobody. */
  #next(): Promise<void> {
    const answer = this.#nextPixels();
    answer.catch(() => undefined);
    return answer;
  }

  /** An update may only say that the screen has another size. */
  async #nextPixels(): Promise<void> {
    for (let pixels = 0; pixels === 0;) {
      const update = await readUpdate(this.#session.pipe.input, this.#screen, indifferent);
      this.#screen = update.screen;
      pixels = update.pixels;
    }
  }

  async #isAnsweredWithin(patience: Duration, signal: AbortSignal): Promise<boolean> {
    const enough = new AbortController();
    try {
      return await Promise.race([
        this.#answer.then(() => true),
        this.#wait(patience, either(signal, enough.signal)).then(() => false),
      ]);
    } finally {
      enough.abort();
    }
  }

  async #wait(patience: Duration, signal: AbortSignal): Promise<void> {
    for (let part = 0; part < PARTS; part++) {
      await this.#clock.sleep(times(patience, 1 / PARTS), signal);
    }
  }

  #answered(asked: Instant): void {
    const received = this.#clock.now();
    if (this.#frozen === null) this.#roundTrip = longer(this.#roundTrip, between(asked, received));
    else this.#tell({ kind: "session-thawed", at_ms: instantInMs(received) });
    this.#frozen = null;
    this.#asked = null;
    this.#lived = asked;
  }

  #freeze(asked: Instant): void {
    if (this.#freezes++ === MOST_FREEZES) throw new Nonsense(`it froze ${MOST_FREEZES} times`);
    this.#frozen = this.#since(asked);
    this.#tell({ kind: "session-frozen", since_ms: this.#frozen });
  }

  #since(asked: Instant): SpanMs {
    return spanInMs(spanOf(this.#lived, after(asked, this.#roundTrip)));
  }
}
