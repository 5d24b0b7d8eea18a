import { milliseconds } from "../../base/time.ts";
import type { Cancel, Scheduler } from "../../contracts/scheduler.ts";
import type { Random } from "../../contracts/random.ts";
import { uuidFrom } from "./identifiers.ts";

/**
 * `hung`: powered, dead to the network (panic). `booting`: powered, the kubelet does not run yet. A machine that shuts down
 * is `up` until its power is gone.
 */
export type HostState = "off" | "booting" | "up" | "hung";

/** How an operating system ends in good order. */
export type ShutdownAction = "poweroff" | "reboot";

/** The only link of a node. */
export const LINK = "eth0";

interface MachineWorld {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly bootMs: number;
  readonly shutdownMs: number;
}

interface Watcher {
  readonly stateChanged: (state: HostState) => void;
  readonly linkChanged: (up: boolean) => void;
  /** Services and containers are told to end. */
  readonly shuttingDown: (action: ShutdownAction) => void;
}

/** One computer: its power, its operating system, its link, and who is told when they change. */
export class Machine {
  readonly name: string;
  readonly uuid: string;
  readonly #world: MachineWorld;
  readonly #watcher: Watcher;
  #state: HostState = "up";
  #linkUp = true;
  #bootId: string;
  #booting: Cancel | null = null;
  #shutdown: Cancel | null = null;

  constructor(name: string, world: MachineWorld, watcher: Watcher) {
    this.name = name;
    this.#world = world;
    this.#watcher = watcher;
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

  get linkIsUp(): boolean {
    return this.#linkUp;
  }

  get isShuttingDown(): boolean {
    return this.#shutdown !== null;
  }

  powerOff(): void {
    this.#forgetPlans();
    this.#become("off");
  }

  powerOn(): void {
    if (this.#state !== "off") return;
    this.#become("booting");
    const { scheduler, random, bootMs } = this.#world;
    this.#booting = scheduler.after(milliseconds(bootMs), () => {
      this.#bootId = uuidFrom(random);
      // `ip link set down` is forgotten at a boot.
      this.#linkUp = true;
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
    this.#forgetPlans();
    this.#become("hung");
  }

  /** An operating system that is not up, or ends already, does not hear it. */
  shutDown(action: ShutdownAction): void {
    if (this.#state !== "up" || this.#shutdown !== null) return;
    const { scheduler, shutdownMs } = this.#world;
    this.#shutdown = scheduler.after(milliseconds(shutdownMs), () => {
      if (action === "poweroff") this.powerOff();
      else this.reset();
    });
    this.#watcher.shuttingDown(action);
  }

  setLink(up: boolean): void {
    if (this.#state !== "up" || this.#linkUp === up) return;
    this.#linkUp = up;
    this.#watcher.linkChanged(up);
  }

  #forgetPlans(): void {
    this.#booting?.();
    this.#shutdown?.();
    this.#shutdown = null;
  }

  #become(state: HostState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#watcher.stateChanged(state);
  }
}
