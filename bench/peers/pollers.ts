import type { Audience } from "../play/audience.ts";
import type { PlayerLine } from "../player/lines.ts";
import type { Program } from "../process/program.ts";
import { startProgram } from "../process/program.ts";
import type { PollersLine } from "./lines.ts";
import { pollersLine } from "./lines.ts";

/** The peers' methods before the same play as the prober, each on its own phase. */
export class Pollers implements Audience {
  readonly #program: Program<PollersLine>;
  readonly #seen: PollersLine[] = [];
  readonly #all: Promise<void>;

  constructor(seed: number) {
    this.#program = startProgram("peers/main.js", { seed }, { speaks: pollersLine, core: null });
    this.#all = this.#read();
    this.#all.catch(() => undefined);
  }

  get seen(): readonly PollersLine[] {
    return this.#seen;
  }

  readonly take = (line: PlayerLine): void => {
    if (line.kind === "opened") {
      const url = `http://${line.address}:${line.port}/vnc.html`;
      this.#program.say({ kind: "poll", id: line.id, url });
    }
    if (line.kind === "closed") this.#program.say({ kind: "stop", id: line.id });
  };

  readonly end = async (): Promise<void> => {
    await this.#program.end();
    await this.#all;
  };

  async #read(): Promise<void> {
    for await (const line of this.#program.lines) this.#seen.push(line);
  }
}
