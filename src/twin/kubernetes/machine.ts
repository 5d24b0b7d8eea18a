import { milliseconds } from "../../base/time.ts";
import type { Cancel, Scheduler } from "../../contracts/scheduler.ts";
import type { Random } from "../../contracts/random.ts";
import { uuidFrom } from "./identifiers.ts";

/** `hung`: powered, dead to the network (panic). `booting`: powered, the kubelet does not run yet. */
export type HostState = "off" | "booting" | "up" | "hung";

/** One computer: its power, its operating system, and who is told when they change. */
export class Machine {
  readonly name: string;
  readonly uuid: string;
  readonly #scheduler: Scheduler;
  readonly #random: Random;
  readonly #bootMs: number;
  readonly #changed: (state: HostState) => void;
  #state: HostState = "up";
  #bootId: string;
  #booting: Cancel | null = null;

  constructor(
    name: string,
    world: { readonly scheduler: Scheduler; readonly random: Random; readonly bootMs: number },
    changed: (state: HostState) => void,
  ) {
    this.name = name;
    this.#scheduler = world.scheduler;
    this.#random = world.random;
    this.#bootMs = world.bootMs;
    this.#changed = changed;
    this.uuid = uuidFrom(world.random);
    this.#bootId = uuidFrom(world.random);
  }

  get state(): HostState {
    return this.#state;
  }

  get bootId(): string {
    return this.#bootId;
  }

  get isPowered(): boolean {
    return this.#state !== "off";
  }

  powerOff(): void {
    this.#booting?.();
    this.#become("off");
  }

  powerOn(): void {
    if (this.#state !== "off") return;
    this.#become("booting");
    this.#booting = this.#scheduler.after(milliseconds(this.#bootMs), () => {
      this.#bootId = uuidFrom(this.#random);
      this.#become("up");
    });
  }

  /** A machine that is off stays off. */
  reset(): void {
    if (this.#state === "off") return;
    this.powerOff();
    this.powerOn();
  }

  panic(): void {
    if (this.#state === "off") return;
    this.#booting?.();
    this.#become("hung");
  }

  #become(state: HostState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#changed(state);
  }
}
