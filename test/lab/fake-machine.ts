import type { LabMachine } from "../../src/lab/machine.ts";

/** A machine that boots at once and keeps a log of what was done to it. */
export class FakeMachine implements LabMachine {
  readonly name: string;
  readonly uuid = "00112233-4455-6677-8899-aabbccddeeff";
  readonly log: string[] = [];
  #powered = true;
  #up = true;
  #boots = 1;

  constructor(name: string) {
    this.name = name;
  }

  isPowered(): boolean {
    return this.#powered;
  }

  isUp(): boolean {
    return this.#up;
  }

  bootId(): string {
    return `00000000-0000-4000-8000-${String(this.#boots).padStart(12, "0")}`;
  }

  powerOff(): void {
    this.log.push("power-off");
    this.#powered = false;
    this.#up = false;
  }

  powerOn(): void {
    this.log.push("power-on");
    if (!this.#powered) this.#boots++;
    this.#powered = true;
    this.#up = true;
  }

  reset(): void {
    this.log.push("reset");
    this.#boots++;
    this.#up = true;
  }

  panic(): void {
    this.log.push("panic");
    this.#up = false;
  }
}
