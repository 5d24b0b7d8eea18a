import { after, milliseconds, times } from "../../src/base/time.ts";
import type { Clock } from "../../src/contracts/clock.ts";
import type { Endpoint } from "../../src/contracts/endpoint.ts";
import type { Probe } from "../../src/contracts/probe.ts";
import type { Random } from "../../src/contracts/random.ts";
import type { ProbeSpec } from "../../src/model/experiment.ts";
import type { Sample } from "../../src/model/sample.ts";

export interface ProbeWorld {
  readonly probe: Probe;
  readonly clock: Clock;
  readonly random: Random;
}

interface Watched {
  readonly id: string;
  readonly address: string;
  /** Somebody who is never down, on the same port, and is watched on the same grid; null: nobody. */
  readonly control: string | null;
  readonly port: number;
  readonly spec: ProbeSpec;
}

export const novncAt = (address: string, port: number): Endpoint => ({
  kind: "novnc",
  page_url: `http://${address}:${port}/vnc.html`,
  websocket_url: `ws://${address}:${port}/websockify`,
  host_header: null,
  vnc_password: null,
  ca_pem: null,
});

const portAt = (host: string, port: number): Endpoint => ({
  kind: "tcp",
  address: () => ({ host, port }),
});

/** Watches one played desktop as the tool does, on a grid whose phase is its own. */
export async function watchDesktop(
  { id, address, control, port, spec }: Watched,
  { probe, clock, random }: ProbeWorld,
  onSample: (sample: Sample) => void,
  signal: AbortSignal,
): Promise<void> {
  const endpoint = novncAt(address, port);
  const phase = times(milliseconds(spec.period_ms), random.fork(id).next());
  const start = after(clock.now(), phase);
  const order = { trial: id, spec, start, grid: probe.effective(spec, endpoint) };
  const watch = async (target: Sample["target"], where: Endpoint): Promise<void> =>
    await probe.watch({ ...order, target, endpoint: () => where }, onSample, signal);
  await Promise.all([
    watch("desktop", endpoint),
    ...(control === null ? [] : [watch("control", portAt(control, port))]),
  ]);
}
