import { after, milliseconds, times } from "../../src/base/time.ts";
import type { Clock } from "../../src/contracts/clock.ts";
import type { Endpoint } from "../../src/contracts/endpoint.ts";
import type { Probe } from "../../src/contracts/probe.ts";
import type { Random } from "../../src/contracts/random.ts";
import type { ProbeSpec } from "../../src/model/experiment.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { Audience } from "../play/audience.ts";
import type { PlayerLine } from "../player/lines.ts";

export const CONSECUTIVE = 4;

/** The defaults of an experiment, but for the period, and for as many in flight as can come together within a deadline. */
const specFor = (period_ms: number): ProbeSpec => ({
  depth: "frame",
  period_ms,
  connect_timeout_ms: 1000,
  attempt_timeout_ms: 2000,
  max_in_flight: Math.max(16, Math.ceil(2500 / period_ms)),
  consecutive: CONSECUTIVE,
});

export const novncAt = (address: string, port: number): Endpoint => ({
  kind: "novnc",
  page_url: `http://${address}:${port}/vnc.html`,
  websocket_url: `ws://${address}:${port}/websockify`,
  host_header: null,
  vnc_password: null,
  ca_pem: null,
});

/** The probe as the tool runs it, one watch for each desktop that opens. */
export class Prober implements Audience {
  readonly #world: { readonly probe: Probe; readonly clock: Clock; readonly random: Random };
  readonly #samples = new Map<string, Sample[]>();
  readonly #stops = new Map<string, AbortController>();
  readonly #watches: Promise<void>[] = [];

  constructor(world: { readonly probe: Probe; readonly clock: Clock; readonly random: Random }) {
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

  #watch({ id, address, port, period_ms }: Extract<PlayerLine, { kind: "opened" }>): void {
    const { probe, clock, random } = this.#world;
    const samples: Sample[] = [];
    const stop = new AbortController();
    this.#samples.set(id, samples);
    this.#stops.set(id, stop);
    const endpoint = novncAt(address, port);
    const spec = specFor(period_ms);
    const phase = times(milliseconds(period_ms), random.fork(id).next());
    const watch = probe.watch(
      {
        trial: id,
        target: "desktop",
        endpoint: () => endpoint,
        spec,
        start: after(clock.now(), phase),
        grid: probe.effective(spec, endpoint),
      },
      (sample) => samples.push(sample),
      stop.signal,
    );
    this.#watches.push(watch);
  }
}
