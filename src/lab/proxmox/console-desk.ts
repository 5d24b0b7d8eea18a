import { randomBytes, randomInt } from "node:crypto";
import type { Instant } from "../../base/time.ts";
import { after, seconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import { ApiError } from "./api-error.ts";

/** A port that one node has opened for one console, waiting for the browser. */
export interface ConsoleSlot {
  readonly asked: string;
  /** Where the VM's configuration lay. */
  readonly node: string;
  readonly vmid: number;
  readonly user: string;
  readonly port: number;
  readonly ticket: string;
  /** VNC authentication takes its first 8 characters; it has no more. */
  readonly password: string;
  readonly expires: Instant;
}

const FIRST_PORT = 5900;
const LAST_PORT = 5999;
/** The worker behind the port waits this long for a connection (Qemu.pm). */
const ACCEPT_LIMIT = seconds(10);
/** Printable, as PVE's generator makes them. */
const FIRST_CHARACTER = 0x21;
const LAST_CHARACTER = 0x5f;

/** Hands out the console ports of all nodes: each for one connection, for ten seconds. */
export class ConsoleDesk {
  readonly #clock: Clock;
  readonly #open = new Set<ConsoleSlot>();
  readonly #busy = new Set<ConsoleSlot>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  open(who: Pick<ConsoleSlot, "asked" | "node" | "vmid" | "user">): ConsoleSlot {
    this.#forgetExpired();
    const password = randomPassword();
    const stamp = Math.floor(this.#clock.wall().toSeconds()).toString(16).toUpperCase();
    const slot: ConsoleSlot = {
      ...who,
      port: this.#freePort(who.asked),
      ticket: `${password}:PVEVNC:${stamp}::${randomBytes(256).toString("base64")}`,
      password,
      expires: after(this.#clock.now(), ACCEPT_LIMIT),
    };
    this.#open.add(slot);
    return slot;
  }

  /** Takes the slot that waits on this node's port, once; null when nobody listens there (any more). */
  take(asked: string, port: number): ConsoleSlot | null {
    this.#forgetExpired();
    const slot = [...this.#open].find((each) => each.asked === asked && each.port === port);
    if (slot === undefined) return null;
    this.#open.delete(slot);
    this.#busy.add(slot);
    return slot;
  }

  release(slot: ConsoleSlot): void {
    this.#busy.delete(slot);
  }

  #freePort(asked: string): number {
    const taken = new Set(
      [...this.#open, ...this.#busy]
        .filter((each) => each.asked === asked)
        .map((each) => each.port),
    );
    for (let port = FIRST_PORT; port <= LAST_PORT; port++) if (!taken.has(port)) return port;
    throw new ApiError(500, "unable to find free port (5900-5999)");
  }

  #forgetExpired(): void {
    for (const slot of this.#open) if (slot.expires < this.#clock.now()) this.#open.delete(slot);
  }
}

const randomPassword = (): string =>
  Array.from({ length: 8 }, () =>
    String.fromCharCode(randomInt(FIRST_CHARACTER, LAST_CHARACTER + 1)),
  ).join("");
