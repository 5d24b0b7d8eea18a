import { either } from "../../base/abort.ts";
import type { Span } from "../../base/interval.ts";
import type { Duration, Instant } from "../../base/time.ts";
import {
  after,
  between,
  earlier,
  later,
  longer,
  milliseconds,
  seconds,
  sum,
  times,
  zero,
} from "../../base/time.ts";
import type { SshEcho } from "../../clients/ssh/ssh-echo.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { NodeAccess } from "../../model/inventory.ts";
import type { FaultTools } from "../reach.ts";

const PERIOD = milliseconds(100);
/** Echoes before the strike, from which the usual round trip is known. */
const FIRST_BEATS = 5;
/** What a login may take before the strike does without it. */
const PATIENCE = seconds(5);

/** Beats that miss their echo for so long were not answered; a session that ends sooner may have been ended in good order. */
const SILENCE = milliseconds(500);
/** One that is held up takes as long again. */
const SLOWER = 2;

/**
 * Beats sent to the victim every 100 ms over one session that was opened before the strike, whatever became of earlier
 * ones. They bound its death more closely than new connections can, which take a server's time to be greeted and half a
 * second to be given up.
 */
export class Heartbeat {
  readonly #echo: SshEcho;
  readonly #clock: Clock;
  readonly #over = new AbortController();
  #unanswered: Instant[] = [];
  #lived: Instant | null = null;
  #roundTrip: Duration = zero;
  #ended: Instant | null = null;

  private constructor(echo: SshEcho, clock: Clock) {
    this.#echo = echo;
    this.#clock = clock;
  }

  /** Null where there is no SSH, or none in time: the proof needs none. */
  static async start(
    { ssh }: NodeAccess,
    { reach, clock, signal }: Pick<FaultTools, "reach" | "clock" | "signal">,
  ): Promise<Heartbeat | null> {
    if (ssh === null) return null;
    let heartbeat: Heartbeat | null = null;
    try {
      const limit = clock.timeout(longer(PATIENCE, clock.floor.deadline));
      const until = either(signal, limit);
      heartbeat = new Heartbeat(await reach.echo(ssh, until), clock);
      for (let beats = 0; beats < FIRST_BEATS; beats++) await heartbeat.#beat(until);
      void heartbeat.#goOn();
      return heartbeat;
    } catch {
      heartbeat?.stop();
      signal.throwIfAborted();
      return null;
    }
  }

  /**
   * A death that others have proven, as closely as the beats around it tell: it came after the last one that was echoed. A
   * proof, or a silence, of before that is not of the death; where there is no other, it came by now.
   */
  narrow(gone: Span): Span {
    const earliest = later(gone.earliest, this.#lived ?? gone.earliest);
    const ends = [gone.latest, this.#missed()]
      .filter((end) => end !== null)
      .filter((end) => end >= earliest);
    return { earliest, latest: ends.reduce((a, b) => earlier(a, b), this.#clock.now()) };
  }

  stop(): void {
    this.#over.abort();
    this.#echo.close();
  }

  /**
   * When the second beat in a row that is not answered was due back, if the machine had lived. The first alone may be a
   * lost packet, which TCP repairs only when the next one comes through.
   */
  #missed(): Instant | null {
    const [first, second] = this.#unanswered;
    if (first === undefined || second === undefined) return null;
    const until = this.#ended ?? this.#clock.now();
    if (between(first, until) <= longer(SILENCE, this.#clock.floor.deadline)) return null;
    return after(second, sum(times(this.#roundTrip, SLOWER), this.#clock.floor.lateness));
  }

  async #goOn(): Promise<void> {
    try {
      while (this.#echo.isOpen) await this.#beat(this.#over.signal);
      this.#ended = this.#clock.now();
    } catch {
      // It was stopped.
    }
  }

  async #beat(signal: AbortSignal): Promise<void> {
    const sent = this.#clock.now();
    const isSent = this.#echo.beat(() => this.#echoed(sent));
    if (isSent) this.#unanswered.push(sent);
    await this.#clock.sleep(longer(PERIOD, this.#clock.floor.period), signal);
  }

  #echoed(sent: Instant): void {
    this.#lived = sent;
    this.#roundTrip = longer(this.#roundTrip, between(sent, this.#clock.now()));
    this.#unanswered = this.#unanswered.filter((each) => each > sent);
  }
}
