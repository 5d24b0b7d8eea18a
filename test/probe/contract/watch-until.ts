import type { NovncEndpoint } from "../../../src/contracts/endpoint.ts";
import type { Probe } from "../../../src/contracts/probe.ts";
import type { ProbeSpec } from "../../../src/model/experiment.ts";
import type { SessionFact } from "../../../src/model/held-session.ts";
import type { Sample } from "../../../src/model/sample.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import { createProbe } from "../../../src/probe/create-probe.ts";
import { secrets } from "../attempts.ts";

const clock = new SystemClock();

interface Beside {
  /** Hears of a session that is held beside the watch. */
  readonly hear?: (fact: SessionFact) => void;
  /** The one that others use, too. */
  readonly probe?: Probe;
}

/** A whole watch, with as many attempts in flight as a user may have, on a grid finer than a handshake takes. */
export async function watchUntil(
  endpoint: NovncEndpoint,
  count: number,
  wanted: Partial<ProbeSpec> = {},
  { hear, probe = createProbe({ clock, secrets }) }: Beside = {},
): Promise<readonly Sample[]> {
  const spec = {
    depth: "frame" as const,
    period_ms: 20,
    connect_timeout_ms: 5000,
    attempt_timeout_ms: 5000,
    max_in_flight: 16,
    consecutive: 4,
    ...wanted,
  } satisfies ProbeSpec;
  const samples: Sample[] = [];
  const stop = new AbortController();
  const grid = probe.effective(spec, endpoint);
  const order = { trial: "contract", target: "desktop", spec, grid, start: clock.now() } as const;
  const held =
    hear === undefined
      ? Promise.resolve()
      : probe.hold({ trial: order.trial, endpoint, spec, grid }, hear, stop.signal);
  await probe.watch(
    { ...order, endpoint: () => endpoint },
    (sample) => {
      samples.push(sample);
      if (samples.length === count) stop.abort();
    },
    stop.signal,
  );
  await held;
  return samples;
}
