import { randomBytes } from "node:crypto";
import type { Instant } from "../../../base/time.ts";
import { after, seconds, times } from "../../../base/time.ts";
import type { Clock } from "../../../contracts/clock.ts";
import type { Account } from "../accounts.ts";

export interface RedfishSession {
  readonly id: string;
  readonly token: string;
  readonly account: Account;
}

/** Seconds without a request; those of real time, as for IPMI, since those who type into curl live in real time. */
export const SESSION_TIMEOUT_S = 300;
const MAXIMUM_SESSIONS = 16;

/** The open sessions of one service. One that is full refuses, as real ones do: whoever leaves sessions behind will meet it. */
export class RedfishSessions {
  readonly #clock: Clock;
  readonly #open = new Map<string, { readonly session: RedfishSession; until: Instant }>();
  #next = 1;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Null when there are too many. */
  create(account: Account): RedfishSession | null {
    if (this.list().length >= MAXIMUM_SESSIONS) return null;
    const session = {
      id: String(this.#next++),
      token: randomBytes(16).toString("hex"),
      account,
    };
    this.#open.set(session.id, { session, until: this.#idleEnd() });
    return session;
  }

  list(): readonly RedfishSession[] {
    const now = this.#clock.now();
    for (const [id, { until }] of this.#open) if (until < now) this.#open.delete(id);
    return [...this.#open.values()].map(({ session }) => session);
  }

  /** Finds it by its token, and notes that it is in use. */
  use(token: string): RedfishSession | null {
    const session = this.list().find((each) => each.token === token);
    if (session === undefined) return null;
    this.#open.set(session.id, { session, until: this.#idleEnd() });
    return session;
  }

  delete(id: string): void {
    this.#open.delete(id);
  }

  clear(): void {
    this.#open.clear();
  }

  #idleEnd(): Instant {
    return after(this.#clock.now(), times(seconds(SESSION_TIMEOUT_S), this.#clock.speed));
  }
}
