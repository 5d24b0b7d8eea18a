import type { ProbeSpec } from "../../src/model/experiment.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { Audience } from "../play/audience.ts";
import type { ProbeWorld } from "../play/watch-desktop.ts";
import { watchDesktop } from "../play/watch-desktop.ts";
import type { PlayerLine } from "../player/lines.ts";

/** The defaults of an experiment, but for the period, and for as many in flight as can come together within a deadline. */
export const specFor = (period_ms: number): ProbeSpec => ({
  depth: "frame",
  period_ms,
  connect_timeout_ms: 1000,
  attempt_timeout_ms: 2000,
  max_in_flight: Math.max(16, Math.ceil(2500 / period_ms)),
  consecutive: 4,
});

/** The probe as the tool runs it, one watch for each desktop that opens. */
export class Prober implements Audience {
  readonly #world: ProbeWorld;
  readonly #samples = new Map<string, Sample[]>();
  readonly #stops = new Map<string, AbortController>();
  readonly #watches: Promise<void>[] = [];

  constructor(world: ProbeWorld) {
    this.#world = world;
  }

  readonly take = (line: PlayerLine): void => {
    if (line.kind === "opened") this.#watch(line);
    if (line.kind === "watched") this.#stops.get(line.id)?.abort();
  };

  readonly end = async (): Promise<void> => void (await Promise.all(this.#watches));

  samplesOf(id: string): readonly Sample[] {
    return this.#samples.get(id) ?? [];
  }

  #watch({ id, address, control, port, period_ms }: Extract<PlayerLine, { kind: "opened" }>): void {
    const samples: Sample[] = [];
    const stop = new AbortController();
    this.#samples.set(id, samples);
    this.#stops.set(id, stop);
    const watch = watchDesktop(
      { id, address, control, port, spec: specFor(period_ms) },
      this.#world,
      (sample) => samples.push(sample),
      stop.signal,
    );
    this.#watches.push(watch);
  }
}
