import { seconds } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { LabMachine } from "../machine.ts";

/** What a BMC can do to its machine, in whatever protocol it is asked. */
export type ChassisAct = "on" | "off" | "cycle" | "reset" | "button";

/** `already`: there is nothing to do. `not-on`: only a machine that is on can be told that. */
export type ChassisAnswer = "done" | "already" | "not-on";

/** A power cycle keeps the power away for a second (IPMI 2.0, 28.3, asks for at least one). */
const CYCLE_PAUSE = seconds(1);

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

  act(act: ChassisAct): ChassisAnswer {
    const machine = this.#machine;
    const powered = machine.isPowered();
    switch (act) {
      case "on":
        if (!powered) machine.powerOn();
        return powered ? "already" : "done";
      case "off":
        if (powered) machine.powerOff();
        return powered ? "done" : "already";
      case "cycle":
      case "reset":
      case "button":
        if (!powered) return "not-on";
        this.#onPowered(act);
        return "done";
    }
  }

  /** What is still to come no longer does. */
  unplug(): void {
    this.#unplugged.abort(new Error("the BMC is gone"));
  }

  #onPowered(act: "cycle" | "reset" | "button"): void {
    if (act === "cycle") this.#cycle();
    else if (act === "reset") this.#machine.reset();
    // The button asks the operating system to shut down; one that hangs does not hear it.
    else this.#machine.shutDown("poweroff");
  }

  #cycle(): void {
    this.#machine.powerOff();
    const switchOn = async (): Promise<void> => {
      await this.#clock.sleep(CYCLE_PAUSE, this.#unplugged.signal);
      if (!this.#machine.isPowered()) this.#machine.powerOn();
    };
    switchOn().catch(() => undefined);
  }
}
