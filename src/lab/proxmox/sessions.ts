import { randomBytes } from "node:crypto";
import type { Instant } from "../../base/time.ts";
import { after, minutes } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Account } from "./accounts.ts";
import { sameSecret } from "./accounts.ts";

/** A login with a password: its ticket goes into a cookie, its CSRF token into a header of every write. */
export interface Session {
  readonly account: Account;
  readonly ticket: string;
  readonly csrf: string;
  readonly expires: Instant;
}

/** Tickets live two hours (PVE::AccessControl `$ticket_lifetime`). */
const LIFETIME = minutes(120);
/** The oldest go first, so that a script that logs in all the time cannot fill the lab's memory. */
const MOST_SESSIONS = 200;

export class Sessions {
  readonly #clock: Clock;
  readonly #sessions = new Map<string, Session>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(account: Account): Session {
    const stamp = Math.floor(this.#clock.wall().toSeconds()).toString(16).toUpperCase();
    const session: Session = {
      account,
      ticket: `PVE:${account.id}:${stamp}::${randomBytes(256).toString("base64")}`,
      csrf: `${stamp}:${randomBytes(32).toString("base64").replace(/=+$/, "")}`,
      expires: after(this.#clock.now(), LIFETIME),
    };
    this.#sessions.set(session.ticket, session);
    if (this.#sessions.size > MOST_SESSIONS) this.#forgetOldest();
    return session;
  }

  /** The session of a ticket that is still good. */
  find(ticket: string): Session | null {
    const session = this.#sessions.get(ticket);
    if (session === undefined || !sameSecret(session.ticket, ticket)) return null;
    return session.expires > this.#clock.now() ? session : null;
  }

  #forgetOldest(): void {
    const [oldest] = this.#sessions.keys();
    if (oldest !== undefined) this.#sessions.delete(oldest);
  }
}
