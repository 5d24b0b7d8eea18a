import type { BmcSession, PowerAction } from "../../src/clients/bmc/bmc-session.ts";
import { OperatingError } from "../../src/base/errors.ts";
import { milliseconds, seconds, zero } from "../../src/base/time.ts";
import type { Reach } from "../../src/faults/reach.ts";
import { FakeProgram } from "./fake-program.ts";
import { FakeSystem } from "./fake-system.ts";
import type { Duration, Instant } from "../../src/base/time.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";

const exited = (stdout: string, sent: Instant) =>
  ({ kind: "exited", code: 0, stdout, stderr: "", sent }) as const;

/** One node with its BMC and its SSH port, on a virtual clock: what each way shows can be set, and acts have delays. */
export class FakeNode implements Reach {
  powered = true;
  /** The system answers over SSH; `refused` while it boots. */
  system: "up" | "booting" | "dead" = "up";
  uuid = "00112233-4455-6677-8899-aabbccddeeff";
  bmcUuid = this.uuid;
  userId = "0";
  bmcError: OperatingError | null = null;
  /** What the BMC says of switching on before it is asked to. */
  demandError: OperatingError | null = null;
  sshError: OperatingError | null = null;
  echoError: OperatingError | null = null;
  /** Sessions with beats so far. */
  readonly echoes = { opened: 0, closed: 0 };
  /** The sessions end; the machine need not. */
  endEchoes = (): void => undefined;
  /** Between a chassis control and its effect. */
  bmcDelay = milliseconds(300);
  readonly boot = seconds(90);
  readonly controls: PowerAction[] = [];
  readonly commands: string[] = [];
  /** The system dies, but the power stays. */
  stuckOn = false;
  /** How many requests to switch on are lost. */
  ignoredOns = 0;
  /** What runs on it. */
  readonly os: FakeSystem;
  /** The user's own program for it. */
  readonly program: FakeProgram;
  /** What it makes of a command that it hears, and how long it then keeps its answer back. */
  heard = (command: string): string => command;
  slowness = (_command: string): Duration => zero;
  /** How long an orderly end takes, its guests' included. */
  ending = seconds(30);
  readonly #clock: VirtualClock;

  constructor(clock: VirtualClock) {
    this.#clock = clock;
    this.os = new FakeSystem(clock);
    this.program = new FakeProgram(clock, {
      isOn: () => this.powered,
      act: (action) => this.#act(action),
    });
    this.os.onPower = (command) => this.#strike(command);
  }

  /** As a watchdog does it. */
  reset(): void {
    this.system = "dead";
    this.#clock.queue.after(seconds(5), () => this.#boot());
  }

  async pause(duration: Duration): Promise<void> {
    await this.#clock.sleep(duration, new AbortController().signal);
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
      demand: async () => {
        await this.#takes(5);
        if (this.demandError !== null) throw this.demandError;
      },
      control: async (action) => {
        await this.#takes(5);
        this.controls.push(action);
        this.#clock.queue.after(this.bmcDelay, () => this.#act(action));
      },
      systemUuids: async () => (this.bmcUuid === "" ? [] : [this.bmcUuid]),
      close: async () => undefined,
    };
  }

  async run(
    _access: unknown,
    command: string,
    signal: AbortSignal = new AbortController().signal,
  ): ReturnType<Reach["run"]> {
    await this.#takes(100);
    if (this.sshError !== null) throw this.sshError;
    if (this.#isGone()) {
      await this.#clock.sleep(seconds(10), signal);
      throw new OperatingError("unreachable", "nobody is there");
    }
    signal.throwIfAborted();
    this.commands.push(command);
    const sent = this.#clock.now();
    if (command === "id -u") return exited(`${this.userId}\n`, sent);
    if (command.startsWith("cat /sys/class/dmi")) return exited(`${this.uuid}\n`, sent);
    const [, stamping = "", rest = ""] = /^(date \+%s\.%N; )?(.*)$/su.exec(command) ?? [];
    const end = this.os.run(this.heard(rest));
    await this.pause(this.slowness(command));
    const stdout = stamping === "" ? end.stdout : `${this.#clock.wall().toSeconds().toFixed(9)}\n`;
    return { kind: "exited", ...end, stdout, sent };
  }

  async pulse(_access: unknown, signal: AbortSignal): ReturnType<Reach["pulse"]> {
    if (this.#isGone()) {
      await this.#clock.sleep(milliseconds(500), signal);
      return "silent";
    }
    await this.#takes(20);
    return this.system === "up" ? "answers" : "refused";
  }

  /** Echoes come back after 2 ms, and never from a machine that is gone by then. */
  async echo(): ReturnType<Reach["echo"]> {
    await this.#takes(100);
    const error = this.echoError ?? this.sshError;
    if (error !== null) throw error;
    if (this.#isGone()) throw new OperatingError("unreachable", "gone");
    let isOpen = true;
    this.echoes.opened += 1;
    this.endEchoes = () => {
      isOpen = false;
    };
    return {
      get isOpen() {
        return isOpen;
      },
      beat: (echoed) => {
        this.#clock.queue.after(milliseconds(2), () => {
          if (isOpen && !this.#isGone()) echoed();
        });
        return isOpen;
      },
      close: () => {
        isOpen = false;
        this.echoes.closed += 1;
      },
    };
  }

  #isGone(): boolean {
    return this.system === "dead" || (this.system === "up" && this.os.isCutOff());
  }

  #strike(command: string): void {
    if (command.startsWith("systemctl ")) {
      this.#end(command === "systemctl reboot");
      return;
    }
    // The rest of a second that such a kernel takes.
    this.#clock.queue.after(milliseconds(950), () => {
      this.system = "dead";
      if (command.includes("echo b")) this.#clock.queue.after(seconds(5), () => this.#boot());
      if (!this.stuckOn && !command.includes("echo c") && !command.includes("echo b"))
        this.powered = false;
    });
  }

  /** In good order: SSH goes early, power last. */
  #end(rebooting: boolean): void {
    this.os.stopping = true;
    this.#clock.queue.after(seconds(3), () => {
      this.system = "booting";
    });
    this.#clock.queue.after(this.ending, () => {
      this.system = "dead";
      if (rebooting) this.#clock.queue.after(seconds(5), () => this.#boot());
      else if (!this.stuckOn) this.powered = false;
    });
  }

  #act(action: PowerAction): void {
    if (action === "on") {
      if (this.ignoredOns-- <= 0) this.#boot();
      return;
    }
    if (action === "soft") {
      this.#end(false);
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
    // It knows nothing of connections from before.
    this.endEchoes();
    this.os.reset();
    this.system = "booting";
    this.#clock.queue.after(this.boot, () => {
      this.system = "up";
    });
  }

  async #takes(ms: number): Promise<void> {
    await this.pause(milliseconds(ms));
  }
}
