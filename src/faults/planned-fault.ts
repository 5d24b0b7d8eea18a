import type { Span } from "../base/interval.ts";
import type { Duration } from "../base/time.ts";
import { milliseconds, seconds } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Fault, FaultProof, Strike, Tell } from "../contracts/fault.ts";
import type { FaultSpec } from "../model/fault-spec.ts";
import type { Refusal } from "../model/journal.ts";
import { healing } from "./healing.ts";
import { SentTimes } from "./node/sent-times.ts";
import { untold } from "./reach.ts";

/** Between two looks at whether it has taken effect. */
const LOOK_EVERY = milliseconds(250);
const PAUSE_AFTER_ERROR = seconds(2);

/** Something that a cluster does itself when it is asked to, with its proof and its cure. */
export interface PlannedMethod {
  readonly title: string;
  readonly cure: string;
  readonly strikesWithin: Duration;
  check(victim: string, signal: AbortSignal): Promise<readonly Refusal[]>;
  inject(strike: Strike, signal: AbortSignal): Promise<void>;
  /** The evidence that it has taken effect, or null while there is none. */
  look(strike: Strike, signal: AbortSignal): Promise<string | null>;
  /** One try; rejects while it has not been taken back. */
  heal(victim: string, signal: AbortSignal): Promise<void>;
}

/** A fault by which no node dies: its moment lies between the request and the first look that shows its effect. */
export class PlannedFault implements Fault {
  readonly spec: FaultSpec;
  readonly title: string;
  readonly cure: string;
  readonly strikesWithin: Duration;
  readonly #method: PlannedMethod;
  readonly #clock: Clock;
  readonly #close: () => Promise<void>;
  readonly #sent = new SentTimes();

  constructor(
    spec: FaultSpec,
    method: PlannedMethod,
    world: { readonly clock: Clock; readonly close: () => Promise<void> },
  ) {
    this.spec = spec;
    this.title = method.title;
    this.cure = method.cure;
    this.strikesWithin = method.strikesWithin;
    this.#method = method;
    this.#clock = world.clock;
    this.#close = world.close;
  }

  async check(victim: string, signal: AbortSignal): Promise<readonly Refusal[]> {
    return await this.#method.check(victim, signal);
  }

  async inject(strike: Strike, signal: AbortSignal): Promise<void> {
    this.#sent.note(strike.victim, this.#clock.now());
    await this.#method.inject(strike, signal);
  }

  async confirm(strike: Strike, requested: Span, signal: AbortSignal): Promise<FaultProof> {
    const { earliest } = this.#sent.narrow(strike.victim, requested);
    for (;;) {
      const evidence = await this.#method.look(strike, signal);
      if (evidence !== null) return { gone: { earliest, latest: this.#clock.now() }, evidence };
      await this.#clock.sleep(LOOK_EVERY, signal);
    }
  }

  async heal(victim: string, signal: AbortSignal, tell: Tell = untold): Promise<void> {
    await healing(
      {
        what: `take back: ${this.title} on ${victim}`,
        otherwise: `See to it by hand that ${this.cure}`,
        pause: PAUSE_AFTER_ERROR,
      },
      { clock: this.#clock, signal, tell },
      async () => await this.#method.heal(victim, signal),
    );
  }

  async close(): Promise<void> {
    await this.#close();
  }
}
