import type { Instant } from "../../base/time.ts";
import { after, before, between, nanoseconds } from "../../base/time.ts";
import type { Cancel } from "../../contracts/scheduler.ts";
import {
  WATCHDOG_CLIENT_SECONDS,
  WATCHDOG_DEVICE,
  WATCHDOG_LOOK,
  WATCHDOG_WARNING_SECONDS,
} from "./constants.ts";
import type { Simulation } from "./simulation.ts";

/**
 * A node's watchdog-mux: once a second it feeds the device, until a client (the CRM as master, the LRM while active)
 * has not been heard of for more than 60 s, or has gone without a goodbye. From then on nobody can stop the reset. Open
 * clients make a node "armed".
 */
export class Watchdog {
  readonly #simulation: Simulation;
  readonly #node: string;
  readonly #phase: Instant;
  readonly #bite: () => void;
  readonly #clients = new Map<string, number>();
  #pending: Cancel | null = null;
  #warned = false;
  #isFed = true;
  #dead = false;

  /** `phase` is any one of its looks; `bite` resets the node. */
  constructor(simulation: Simulation, node: string, phase: Instant, bite: () => void) {
    this.#simulation = simulation;
    this.#node = node;
    this.#phase = phase;
    this.#bite = bite;
  }

  get hasClients(): boolean {
    return this.#clients.size > 0;
  }

  /** Opens the client at its first update. */
  update(client: string): void {
    this.#clients.set(client, this.#simulation.wallSeconds());
    this.#warned = false;
    if (this.#pending === null) this.#lookLater();
  }

  /** The client says goodbye (`V`). */
  close(client: string): void {
    this.#clients.delete(client);
  }

  /** The client's socket is closed without a goodbye: mux feeds the device no more (watchdog-mux.c:417). */
  abandon(client: string): void {
    if (this.#clients.has(client)) this.starve();
  }

  /** Nobody feeds the device any more: it resets the node 10 s after it was last fed. */
  starve(): void {
    if (this.#dead || !this.#isFed) return;
    const looks = Math.floor(between(this.#phase, this.#simulation.now()) / WATCHDOG_LOOK);
    this.#pending?.();
    this.#starveSince(after(this.#phase, nanoseconds(looks * WATCHDOG_LOOK)));
  }

  /** The kernel that runs it is gone. */
  end(): void {
    this.#dead = true;
    this.#pending?.();
  }

  /** Only the look that may find something is an event: the first after the oldest update can have grown too old. */
  #lookLater(): void {
    const oldest = Math.min(...this.#clients.values());
    const limit = this.#warned ? WATCHDOG_CLIENT_SECONDS : WATCHDOG_WARNING_SECONDS;
    const due = this.#simulation.startOfSecond(oldest + limit + 1);
    const looks = Math.ceil(between(this.#phase, due) / WATCHDOG_LOOK);
    this.#pending = this.#simulation.at(
      after(this.#phase, nanoseconds(looks * WATCHDOG_LOOK)),
      () => {
        this.#look();
      },
    );
  }

  #look(): void {
    this.#pending = null;
    if (this.#dead || this.#clients.size === 0) return;
    const age = this.#simulation.wallSeconds() - Math.min(...this.#clients.values());
    if (age <= WATCHDOG_CLIENT_SECONDS) {
      if (age > WATCHDOG_WARNING_SECONDS && !this.#warned) {
        this.#warned = true;
        this.#simulation.truth("watchdog-warning", this.#node);
      }
      this.#lookLater();
      return;
    }
    this.#simulation.truth("watchdog-expired", this.#node);
    this.#starveSince(before(this.#simulation.now(), WATCHDOG_LOOK));
  }

  #starveSince(lastFed: Instant): void {
    this.#isFed = false;
    this.#pending = this.#simulation.at(after(lastFed, WATCHDOG_DEVICE), () => {
      if (this.#dead) return;
      this.#simulation.truth("watchdog-reset", this.#node);
      this.#bite();
    });
  }
}
