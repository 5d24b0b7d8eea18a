import type { Instant } from "../../base/time.ts";
import { after, before, between, nanoseconds } from "../../base/time.ts";
import type { Cancel } from "../../contracts/scheduler.ts";
import { WATCHDOG_CLIENT_SECONDS, WATCHDOG_DEVICE, WATCHDOG_LOOK } from "./constants.ts";
import type { Simulation } from "./simulation.ts";

/**
 * A node's watchdog-mux: once a second it feeds the device, until a client (the CRM as master, the LRM while active)
 * has not been heard of for more than 60 s. From then on nobody can stop the reset. Open clients make a node "armed".
 */
export class Watchdog {
  readonly #simulation: Simulation;
  readonly #node: string;
  readonly #phase: Instant;
  readonly #bite: () => void;
  readonly #clients = new Map<string, number>();
  #pending: Cancel | null = null;
  #dead = false;

  /** `phase` is any one of its looks; `bite` resets the node. */
  constructor(simulation: Simulation, node: string, phase: Instant, bite: () => void) {
    this.#simulation = simulation;
    this.#node = node;
    this.#phase = phase;
    this.#bite = bite;
  }

  /** Opens the client at its first update. */
  update(client: string): void {
    this.#clients.set(client, this.#simulation.wallSeconds());
    if (this.#pending === null) this.#lookLater();
  }

  close(client: string): void {
    this.#clients.delete(client);
  }

  /** The kernel that runs it is gone. */
  end(): void {
    this.#dead = true;
    this.#pending?.();
  }

  /** Only the look that may find something is an event: the first after the oldest update can have expired. */
  #lookLater(): void {
    const oldest = Math.min(...this.#clients.values());
    const due = this.#simulation.startOfSecond(oldest + WATCHDOG_CLIENT_SECONDS + 1);
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
    const oldest = Math.min(...this.#clients.values());
    if (this.#simulation.wallSeconds() - oldest <= WATCHDOG_CLIENT_SECONDS) {
      this.#lookLater();
      return;
    }
    this.#simulation.truth("watchdog-expired", this.#node);
    const lastFed = before(this.#simulation.now(), WATCHDOG_LOOK);
    this.#pending = this.#simulation.at(after(lastFed, WATCHDOG_DEVICE), () => {
      if (this.#dead) return;
      this.#simulation.truth("watchdog-reset", this.#node);
      this.#bite();
    });
  }
}
