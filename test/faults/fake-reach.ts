import type { BmcSession, PowerAction } from "../../src/clients/bmc/bmc-session.ts";
import type { OperatingError } from "../../src/base/errors.ts";
import { milliseconds, seconds } from "../../src/base/time.ts";
import type { Reach } from "../../src/faults/reach.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";

/** One node with its BMC and its SSH port, on a virtual clock: what each way shows can be set, and acts have delays. */
export class FakeNode implements Reach {
  powered = true;
  /** The system answers over SSH; `refused` while it boots. */
  system: "up" | "booting" | "dead" = "up";
  uuid = "00112233-4455-6677-8899-aabbccddeeff";
  bmcUuid = this.uuid;
  userId = "0";
  bmcError: OperatingError | null = null;
  sshError: OperatingError | null = null;
  /** Between a chassis control and its effect. */
  bmcDelay = milliseconds(300);
  readonly boot = seconds(90);
  readonly controls: PowerAction[] = [];
  readonly commands: string[] = [];
  /** The system dies, but the power stays. */
  stuckOn = false;
  /** How many requests to switch on are lost. */
  ignoredOns = 0;
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
  }

  async openBmc(): Promise<BmcSession> {
    await this.#takes(5);
    if (this.bmcError !== null) throw this.bmcError;
    return {
      power: async () => {
        await this.#takes(5);
        if (this.bmcError !== null) throw this.bmcError;
        return this.powered ? "on" : "off";
      },
      control: async (action) => {
        await this.#takes(5);
        this.controls.push(action);
        this.#clock.queue.after(this.bmcDelay, () => this.#act(action));
      },
      systemUuids: async () => [this.bmcUuid],
      close: async () => undefined,
    };
  }

  async run(_access: unknown, command: string): ReturnType<Reach["run"]> {
    await this.#takes(100);
    if (this.sshError !== null) throw this.sshError;
    this.commands.push(command);
    const sent = this.#clock.now();
    const stdout = command === "id -u" ? this.userId : this.uuid;
    if (command.includes("sysrq-trigger") || command.includes("poweroff")) this.#strike(command);
    return { kind: "exited", code: 0, stdout: `${stdout}\n`, stderr: "", sent };
  }

  async pulse(_access: unknown, signal: AbortSignal): ReturnType<Reach["pulse"]> {
    if (this.system === "dead") {
      await this.#clock.sleep(milliseconds(500), signal);
      return "silent";
    }
    await this.#takes(20);
    return this.system === "up" ? "answers" : "refused";
  }

  #strike(command: string): void {
    this.#clock.queue.after(seconds(1), () => {
      this.system = "dead";
      if (command.includes("echo b")) this.#clock.queue.after(seconds(5), () => this.#boot());
      if (!this.stuckOn && !command.includes("echo c") && !command.includes("echo b"))
        this.powered = false;
    });
  }

  #act(action: PowerAction): void {
    if (action === "on") {
      if (this.ignoredOns-- <= 0) this.#boot();
      return;
    }
    this.system = "dead";
    this.powered = action === "reset";
    if (action === "cycle") {
      this.#clock.queue.after(seconds(1), () => this.#boot());
    }
  }

  #boot(): void {
    this.powered = true;
    this.system = "booting";
    this.#clock.queue.after(this.boot, () => {
      this.system = "up";
    });
  }

  async #takes(ms: number): Promise<void> {
    await this.#clock.sleep(milliseconds(ms), new AbortController().signal);
  }
}
