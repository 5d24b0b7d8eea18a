import { LockOut } from "./lock-out.ts";
import { TicketPace } from "./ticket-pace.ts";
import { Turnstile } from "./turnstile.ts";

/** What all who enter one desktop share (attempts, a held session, pictures, viewers), so that it is spared by them together. Viewers have tickets of their own. */
export interface Manners {
  readonly turnstile: Turnstile;
  readonly lockOut: LockOut;
  readonly tickets: TicketPace;
}

export const freshManners = (): Manners => ({
  turnstile: new Turnstile(),
  lockOut: new LockOut(),
  tickets: new TicketPace(),
});

/** Trials come one after the other, but a picture may be taken when the watch of its trial has ended. */
const MOST_TRIALS = 16;

/** The manners of each trial's desktop. */
export class MannersOfTrials {
  readonly #known = new Map<string, Manners>();
  readonly #watched = new WeakSet<Manners>();

  of(trial: string): Manners {
    const known = this.#known.get(trial);
    if (known !== undefined) return known;
    const manners = freshManners();
    this.#known.set(trial, manners);
    const [oldest] = this.#known.keys();
    if (this.#known.size > MOST_TRIALS && oldest !== undefined) this.#known.delete(oldest);
    return manners;
  }

  /** For the watch of its desktop: a second one of the same trial has another desktop. */
  watched(trial: string): Manners {
    if (this.#watched.has(this.of(trial))) this.#known.delete(trial);
    const manners = this.of(trial);
    this.#watched.add(manners);
    return manners;
  }
}
