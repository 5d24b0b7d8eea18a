import type { Duration } from "../../base/time.ts";
import { seconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { LabMachine } from "../machine.ts";
import { CODE } from "./completion-code.ts";

/** Chassis Control (28.3). */
const CONTROL = { off: 0, on: 1, cycle: 2, reset: 3, soft: 5 } as const;

/** A power cycle keeps the power away for a second (28.3 asks for at least one). */
const CYCLE_PAUSE = seconds(1);
/** From the button to the operating system having shut down; assumed. */
const SOFT_SHUTDOWN = seconds(5);

/** The machine as its BMC acts on it. */
export class Chassis {
  /** The system's UUID with its bytes turned round, as 20.8 has it. */
  readonly guid: Buffer;
  readonly #machine: LabMachine;
  readonly #clock: Clock;
  readonly #unplugged = new AbortController();

  constructor(machine: LabMachine, clock: Clock) {
    this.#machine = machine;
    this.#clock = clock;
    this.guid = Buffer.from(Buffer.from(machine.uuid.replaceAll("-", ""), "hex").toReversed());
  }

  isPowered(): boolean {
    return this.#machine.isPowered();
  }

  /** The completion code. A machine that is off can only be switched on. */
  control(action: number): number {
    const machine = this.#machine;
    switch (action) {
      case CONTROL.off:
        if (machine.isPowered()) machine.powerOff();
        return CODE.ok;
      case CONTROL.on:
        if (!machine.isPowered()) machine.powerOn();
        return CODE.ok;
      case CONTROL.cycle:
        return this.#whenPowered(() => this.#cycle());
      case CONTROL.reset:
        return this.#whenPowered(() => machine.reset());
      case CONTROL.soft:
        return this.#whenPowered(() => this.#pressButton());
      default:
        return CODE.invalidData;
    }
  }

  /** What is still to come no longer does. */
  unplug(): void {
    this.#unplugged.abort(new Error("the BMC is gone"));
  }

  #whenPowered(act: () => void): number {
    if (!this.#machine.isPowered()) return CODE.notInThisState;
    act();
    return CODE.ok;
  }

  #cycle(): void {
    this.#machine.powerOff();
    this.#later(CYCLE_PAUSE, () => {
      if (!this.#machine.isPowered()) this.#machine.powerOn();
    });
  }

  /** An operating system that hangs does not hear the button. */
  #pressButton(): void {
    const boot = this.#machine.bootId();
    if (!this.#machine.isUp()) return;
    this.#later(SOFT_SHUTDOWN, () => {
      if (this.#machine.isUp() && this.#machine.bootId() === boot) this.#machine.powerOff();
    });
  }

  #later(delay: Duration, act: () => void): void {
    const wait = async (): Promise<void> => {
      await this.#clock.sleep(delay, this.#unplugged.signal);
      act();
    };
    wait().catch(() => undefined);
  }
}
