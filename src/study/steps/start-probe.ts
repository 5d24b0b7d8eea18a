import { either } from "../../base/abort.ts";
import { OperatingError } from "../../base/errors.ts";
import { after, inMs, times } from "../../base/time.ts";
import type { Endpoint } from "../../contracts/endpoint.ts";
import type { EffectiveGrid } from "../../contracts/probe.ts";
import type { TrialFact } from "../../model/journal.ts";
import type { Sample } from "../../model/sample.ts";
import type { DesktopWatch } from "../desktop-watch.ts";
import type { Trial } from "../trial.ts";

/** Where the probe goes; each attempt looks anew. */
export interface Aim {
  victim: string | null;
  endpoint: Endpoint;
  control: Endpoint;
}

/**
 * Watches the desktop, and on the same grid the control target, until `signal` is aborted. Both go to the samples;
 * what a failing control target means for the desktop's is for the analysis to say.
 */
export async function startProbe(
  trial: Trial,
  aim: Aim,
  watch: DesktopWatch,
  signal: AbortSignal,
): Promise<void> {
  const { parts } = trial;
  const spec = parts.arm.probe;
  const grid = parts.probe.effective(spec, aim.endpoint);
  const phase = times(grid.period, parts.random.fork("grid").next());
  await trial.notes.note(observing(trial, aim, grid, inMs(phase)));
  const order = { trial: parts.trial.id, spec, grid, start: after(parts.clock.now(), phase) };
  const keep = (sample: Sample): void => {
    parts.samples.add(sample);
    parts.progress.sample(sample);
  };
  await untilBothEnd(signal, [
    async (stop) =>
      await parts.probe.watch(
        { ...order, target: "desktop", endpoint: () => aim.endpoint },
        (sample) => {
          keep(sample);
          watch.add(sample);
        },
        stop,
      ),
    async (stop) =>
      await parts.probe.watch(
        { ...order, target: "control", endpoint: () => aim.control },
        keep,
        stop,
      ),
  ]);
}

function observing({ parts }: Trial, aim: Aim, grid: EffectiveGrid, phase_ms: number): TrialFact {
  return {
    kind: "observing",
    endpoint: describeEndpoint(aim.endpoint),
    control: describeControl(aim.control),
    grid: { period_ms: inMs(grid.period), phase_ms },
    timeouts: { connect_ms: inMs(grid.connectTimeout), attempt_ms: inMs(grid.attemptTimeout) },
    lateness_ms: inMs(parts.clock.floor.lateness),
    depth: parts.arm.probe.depth,
    consecutive: parts.arm.probe.consecutive,
  };
}

type Watching = (stop: AbortSignal) => Promise<void>;

/** When one breaks, the other ends, too; no sample comes after this has settled. */
async function untilBothEnd(signal: AbortSignal, watches: readonly Watching[]): Promise<void> {
  const broken = new AbortController();
  const stop = either(signal, broken.signal);
  const endings = await Promise.allSettled(
    watches.map(async (watch) => {
      try {
        await watch(stop);
      } catch (error) {
        broken.abort(error);
        throw error;
      }
    }),
  );
  for (const ending of endings) if (ending.status === "rejected") throw ending.reason;
}

function describeEndpoint(endpoint: Endpoint): string {
  switch (endpoint.kind) {
    case "novnc":
      return `novnc ${endpoint.page_url}`;
    case "ticket":
      return "console through the API";
    case "tcp":
      return describePort(endpoint.address());
  }
}

function describeControl(endpoint: Endpoint): string | null {
  try {
    return describeEndpoint(endpoint);
  } catch (error) {
    if (error instanceof OperatingError) return null;
    throw error;
  }
}

const describePort = ({ host, port }: { readonly host: string; readonly port: number }): string =>
  `tcp ${host.includes(":") ? `[${host}]` : host}:${port}`;
