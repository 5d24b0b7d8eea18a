import { seconds } from "../../../src/base/time.ts";
import { nodeOf } from "../../../src/lab/ssh/node.ts";
import { runLine } from "../../../src/lab/ssh/run-script.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";
import { FakeMachine } from "../fake-machine.ts";

export interface Answer {
  readonly status: number;
  readonly output: string;
  readonly complaint: string;
}

/** What the lab's SSH makes of lines, on a machine that keeps a log and a clock that stands still. */
export class FakeNode {
  readonly machine = new FakeMachine("pve1");
  readonly clock = new VirtualClock("2026-01-02T03:04:05.678Z");
  readonly #node = nodeOf(this.machine, "pve1", this.clock);

  /** One exec request; its waits pass in no time. */
  async run(line: string): Promise<Answer> {
    const answer = { status: -1, output: "", complaint: "" };
    const output = {
      print: (text: string) => void (answer.output += text),
      complain: (text: string) => void (answer.complaint += text),
    };
    const { signal } = new AbortController();
    const end = runLine(line, { node: this.#node, output, input: null, signal });
    answer.status = (await this.clock.runUntilSettled(end)).status;
    return answer;
  }

  /** Lets time pass for what runs in the background. */
  async pass(howLong: number): Promise<void> {
    const { signal } = new AbortController();
    await this.clock.runUntilSettled(this.clock.sleep(seconds(howLong), signal));
  }
}
