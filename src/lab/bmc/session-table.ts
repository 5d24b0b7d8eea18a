import { randomInt } from "node:crypto";
import type { Duration, Instant } from "../../base/time.ts";
import { after, seconds, times } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Account } from "./accounts.ts";
import type { CipherSuite, SessionKeys } from "./cipher-suite.ts";
import type { CallingSession } from "./commands.ts";

/** A session on its way from Open Session to RAKP 4. */
export interface Opening {
  readonly kind: "opening";
  readonly id: number;
  readonly consoleId: number;
  readonly suite: CipherSuite;
  /** What RAKP 1 said, and what RAKP 2 answered; null before. */
  greeting: Greeting | null;
}

export interface Greeting {
  readonly account: Account;
  readonly consoleRandom: Buffer;
  readonly ownRandom: Buffer;
  /** The role as it was asked for, the length of the name and the name: part of every hash. */
  readonly role: Buffer;
  readonly limit: number;
}

/** An open session. */
export interface Active extends CallingSession {
  readonly kind: "active";
  readonly consoleId: number;
  readonly suite: CipherSuite;
  readonly keys: SessionKeys;
  readonly window: SequenceWindow;
  sent: number;
}

export type BmcSession = Opening | Active;

const MAXIMUM_SESSIONS = 32;
/** Idle sessions end after 60 s (6.12.15): real ones, since those who type into ipmitool live in real time. */
const IDLE_LIMIT: Duration = seconds(60);

/** The sessions of one BMC, oldest use first. When it is full, the one that was quiet for longest makes room. */
export class SessionTable {
  readonly #sessions = new Map<number, { readonly session: BmcSession; readonly until: Instant }>();
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** An id that is not in use; never 0, which means "no session". */
  newId(): number {
    for (;;) {
      const id = randomInt(1, 2 ** 32);
      if (!this.#sessions.has(id)) return id;
    }
  }

  /** Puts it in, or says that it was just used. */
  keep(session: BmcSession): void {
    this.#sessions.delete(session.id);
    this.#forgetIdle();
    const [oldest] = this.#sessions.keys();
    if (this.#sessions.size >= MAXIMUM_SESSIONS && oldest !== undefined) this.forget(oldest);
    const until = after(this.#clock.now(), times(IDLE_LIMIT, this.#clock.speed));
    this.#sessions.set(session.id, { session, until });
  }

  opening(id: number): Opening | null {
    const session = this.#find(id);
    return session?.kind === "opening" ? session : null;
  }

  active(id: number): Active | null {
    const session = this.#find(id);
    return session?.kind === "active" ? session : null;
  }

  forget(id: number): void {
    this.#sessions.delete(id);
  }

  clear(): void {
    this.#sessions.clear();
  }

  #find(id: number): BmcSession | null {
    const found = this.#sessions.get(id);
    return found === undefined || found.until < this.#clock.now() ? null : found.session;
  }

  #forgetIdle(): void {
    const now = this.#clock.now();
    for (const [id, { until }] of this.#sessions) if (until < now) this.forget(id);
  }
}

/** How far behind the newest a packet may come (6.12.13). */
const WINDOW = 16;

/** Lets every sequence number through once, in about the right order. */
export class SequenceWindow {
  #newest = 0;
  readonly #seen = new Set<number>();

  /** False for a packet that came before, or too late. */
  admit(sequence: number): boolean {
    if (sequence <= Math.max(0, this.#newest - WINDOW) || this.#seen.has(sequence)) return false;
    this.#newest = Math.max(this.#newest, sequence);
    this.#seen.add(sequence);
    for (const old of this.#seen) if (old <= this.#newest - WINDOW) this.#seen.delete(old);
    return true;
  }
}
