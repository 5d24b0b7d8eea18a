import type { LabLink, LabMachine, ProgramEnd, UnitAct, UnitState } from "../../src/lab/machine.ts";

/** A machine that boots at once and keeps a log of what was done to it. */
export class FakeMachine implements LabMachine {
  readonly name: string;
  readonly uuid = "00112233-4455-6677-8899-aabbccddeeff";
  readonly log: string[] = [];
  readonly units = new Map<string, UnitState>([
    ["kubelet", { active: "active", mainPid: 812, frozen: false }],
  ]);
  readonly #links = new Map<string, LabLink>([
    ["eth0", { name: "eth0", address: "127.0.1.5/24", up: true, gateway: "127.0.1.1" }],
  ]);
  #powered = true;
  #up = true;
  #shuttingDown = false;
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
    this.#fall();
  }

  powerOn(): void {
    this.log.push("power-on");
    if (this.#powered) return;
    this.#boots++;
    this.#powered = true;
    this.#up = true;
  }

  reset(): void {
    this.log.push("reset");
    this.#fall();
    this.#boots++;
    this.#up = true;
  }

  panic(): void {
    this.log.push("panic");
    this.#fall();
  }

  shutDown(action: "poweroff" | "reboot"): void {
    if (!this.#up) return;
    this.log.push(`shut-down ${action}`);
    this.#shuttingDown = true;
  }

  isShuttingDown(): boolean {
    return this.#shuttingDown;
  }

  unit(name: string): UnitState | null {
    return this.units.get(name) ?? null;
  }

  actOnUnit(name: string, act: UnitAct): void {
    this.log.push(`${act} ${name}`);
    const unit = this.units.get(name);
    if (unit !== undefined) this.units.set(name, afterwards[act](unit));
  }

  links(): readonly LabLink[] {
    return [...this.#links.values()];
  }

  setLink(name: string, up: boolean): void {
    this.log.push(`${name} ${up ? "up" : "down"}`);
    const link = this.#links.get(name);
    if (link !== undefined) this.#links.set(name, { ...link, up });
  }

  program(words: readonly string[]): ProgramEnd | null {
    if (words[0] !== "ha-manager") return null;
    this.log.push(words.join(" "));
    return { status: 0, output: "" };
  }

  #fall(): void {
    this.#up = false;
    this.#shuttingDown = false;
  }
}

/** Nothing restarts a unit here that was killed. */
const afterwards: Readonly<Record<UnitAct, (unit: UnitState) => UnitState>> = {
  stop: () => ({ active: "inactive", mainPid: 0, frozen: false }),
  start: () => ({ active: "active", mainPid: 813, frozen: false }),
  kill: () => ({ active: "failed", mainPid: 0, frozen: false }),
  freeze: (unit) => ({ ...unit, frozen: true }),
  thaw: (unit) => ({ ...unit, frozen: false }),
};
