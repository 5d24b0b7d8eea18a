import { milliseconds } from "../../src/base/time.ts";
import type { ProgramCall, ProgramEnd, Programs } from "../../src/faults/command/programs.ts";
import type { VirtualClock } from "../support/virtual-clock.ts";

/** The user's program for a PDU, played on the virtual clock. */
export class FakeProgram implements Programs {
  /** The verbs that it was asked, in order; `status` apart, which is asked often. */
  readonly calls: string[] = [];
  last: ProgramCall | null = null;
  /** It can tell whether an outlet is on. */
  knowsStatus = true;
  /** How often `heal` fails before it works; for ever where it is infinite. */
  healFailures = 0;
  /** Between `heal` and its effect. */
  healDelay = milliseconds(500);
  /** What it says of other verbs. */
  ends: Partial<Record<string, ProgramEnd>> = {};
  failure: Error | null = null;
  /** It hangs. */
  silent = false;
  readonly #clock: VirtualClock;
  readonly #outlet: { isOn(): boolean; act(action: "off" | "on"): void };

  constructor(clock: VirtualClock, outlet: { isOn(): boolean; act(action: "off" | "on"): void }) {
    this.#clock = clock;
    this.#outlet = outlet;
  }

  async run(call: ProgramCall, signal: AbortSignal): Promise<ProgramEnd> {
    await this.#clock.sleep(milliseconds(50), signal);
    if (this.silent) await this.#clock.sleep(call.limit, signal);
    if (this.failure !== null) throw this.failure;
    this.last = call;
    const verb = call.words.at(-2) ?? "";
    if (verb !== "status") this.calls.push(verb);
    const set = this.ends[verb];
    if (set !== undefined) return set;
    if (verb === "status") return ended(this.#status());
    if (verb === "inject") this.#outlet.act("off");
    if (verb === "heal") return this.#heal();
    return ended(0);
  }

  #status(): number {
    if (!this.knowsStatus) return 2;
    return this.#outlet.isOn() ? 0 : 1;
  }

  #heal(): ProgramEnd {
    if (this.healFailures-- > 0) return ended(1, "the PDU is busy\n");
    this.#clock.queue.after(this.healDelay, () => {
      if (!this.#outlet.isOn()) this.#outlet.act("on");
    });
    return ended(0);
  }
}

export const ended = (exitCode: number | null, stderr = ""): ProgramEnd => ({
  exitCode,
  stdout: "",
  stderr,
});
