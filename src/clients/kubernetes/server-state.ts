import { OperatingError } from "../../base/errors.ts";
import type { Duration, Instant } from "../../base/time.ts";
import { after, between, longer, milliseconds, sum, times, zero } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import { forManyWaits } from "../shared/many-waits.ts";
import { PulsePatience } from "../shared/pulse-patience.ts";

/**
 * Silence of a server after which it is given up, when pulses come every 200 ms: 800 ms after its death, which leaves 200
 * to list anew elsewhere. Twice what a busy server takes for `/version`, which needs neither etcd nor another node.
 */
const PULSE = milliseconds(600);
/** From the sending of one pulse to the next: with their patience (600 ms) a dead server is left within 800 ms. */
const PERIOD = milliseconds(200);
/** A scaled clock divides waits, not work: so many of its shortest periods lie between two pulses. */
const FLOORS = 4;
/** A pulse that is under way for longer, and for twice as long as usual, tells of a way that is stopped up. */
const USUAL = milliseconds(50);

export const pulsePeriod = ({ floor }: Clock): Duration =>
  longer(PERIOD, times(floor.period, FLOORS));

/** The reason of streams that end because their server is left while it is well. */
export class LeftInOrder extends OperatingError {}

/** What is known of one server. */
export class ServerState {
  readonly patience: PulsePatience;
  readonly #clock: Clock;
  /** Aborted, with the reason, when the server is found dead, which ends all that is under way to it. */
  #life = newLife();
  #roundTrip: Duration = zero;
  #pulseSent: Instant | null = null;
  #lastSign: Instant | null = null;
  #lastHeard: Instant | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.patience = new PulsePatience(PULSE, clock);
  }

  get life(): AbortSignal {
    return this.#life.signal;
  }

  /** How long the last request and its answer took. */
  get roundTrip(): Duration {
    return this.#roundTrip;
  }

  end(reason: Error): void {
    this.#life.abort(reason);
    this.#life = newLife();
  }

  answered(sent: Instant, received: Instant): void {
    this.#roundTrip = between(sent, received);
    this.#lastSign = sent;
    this.#lastHeard = received;
  }

  /**
   * Whether it answered something that was asked in the second half of a pulse of its own patience: then that pulse was lost
   * on the way, as when the server was away and has come back, and the next pulse will still tell in time if it died since.
   */
  livedAfterPulse(began: Instant): boolean {
    return this.#lastSign !== null && this.#lastSign > after(began, times(PULSE, 0.5));
  }

  /** Null: none is under way any more. */
  pulses(sent: Instant | null): void {
    this.#pulseSent = sent;
  }

  /**
   * Whether what comes from it now may have been on its way for longer than usual: a pulse is under way for long, or none was
   * answered when its time had come, as when this process was held up and what had come lay unread.
   */
  stopped(): boolean {
    const now = this.#clock.now();
    const usual = longer(times(this.#roundTrip, 2), longer(USUAL, this.#clock.floor.deadline));
    if (this.#pulseSent !== null && between(this.#pulseSent, now) > usual) return true;
    const heard = this.#lastHeard;
    return heard !== null && between(heard, now) > sum(pulsePeriod(this.#clock), usual);
  }
}

function newLife(): AbortController {
  const life = new AbortController();
  forManyWaits(life.signal);
  return life;
}
