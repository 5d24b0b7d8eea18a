import type { Duration, Instant } from "../../base/time.ts";
import { after, inSeconds, origin, seconds, sinceOrigin } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { Cancel, Scheduler } from "../../contracts/scheduler.ts";
import type { GuestState, HostState, TwinEvent } from "./proxmox-twin.ts";

/** Keeps a computed second from being missed by the rounding of a double that holds an epoch (about 0.2 us). */
const ROUNDING_SECONDS = 1e-6;

/** What every part of the twin shares: the scheduler, whole wall seconds, randomness, and those who listen. */
export class Simulation {
  readonly random: Random;
  readonly #scheduler: Scheduler;
  readonly #wallOrigin: number;
  readonly #listeners = new Set<(event: TwinEvent) => void>();

  constructor(scheduler: Scheduler, random: Random, wallOrigin: number) {
    this.#scheduler = scheduler;
    this.random = random;
    this.#wallOrigin = wallOrigin;
  }

  now(): Instant {
    return this.#scheduler.now();
  }

  /** The integer `time()` of every node. */
  wallSeconds(instant: Instant = this.now()): number {
    return Math.floor(this.#wallOrigin + inSeconds(sinceOrigin(instant)));
  }

  /** The first instant at which `wallSeconds` is `wall`. */
  startOfSecond(wall: number): Instant {
    return after(origin, seconds(wall - this.#wallOrigin + ROUNDING_SECONDS));
  }

  after(delay: Duration, run: () => void): Cancel {
    return this.#scheduler.after(delay, run);
  }

  /** Like the scheduler's, but what is already past is done now. */
  at(when: Instant, run: () => void): Cancel {
    const now = this.now();
    return this.#scheduler.at(when > now ? when : now, run);
  }

  subscribe(listener: (event: TwinEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  host(node: string, state: HostState): void {
    if (this.#listeners.size > 0) this.#tell({ at: this.now(), kind: "host", node, state });
  }

  guest(vmid: number, node: string, state: GuestState): void {
    if (this.#listeners.size > 0) this.#tell({ at: this.now(), kind: "guest", vmid, node, state });
  }

  pause(vmid: number, node: string, paused: boolean): void {
    if (this.#listeners.size > 0) this.#tell({ at: this.now(), kind: "pause", vmid, node, paused });
  }

  link(node: string, name: string, up: boolean): void {
    if (this.#listeners.size > 0) this.#tell({ at: this.now(), kind: "link", node, name, up });
  }

  /** What nobody outside can see, for tests and explanations. */
  truth(what: string, node: string | null, detail = ""): void {
    if (this.#listeners.size > 0) this.#tell({ at: this.now(), kind: "model", what, node, detail });
  }

  #tell(event: TwinEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
