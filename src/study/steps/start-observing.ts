import { either } from "../../base/abort.ts";
import { describeError } from "../../base/errors.ts";
import { after, inMs, milliseconds, times } from "../../base/time.ts";
import type { Endpoint } from "../../contracts/endpoint.ts";
import type { ControlPlaneEvent } from "../../model/cluster-facts.ts";
import { DesktopWatch } from "../desktop-watch.ts";
import { OtherNodeLost, TrialEnds } from "../trial-ends.ts";
import type { DeployedDesktop, Observed, Trial } from "../trial.ts";

/** Starts the probe's samples and the control plane's events. Undo: stop both. */
export async function startObserving(
  trial: Trial,
  desktop: DeployedDesktop,
  stop: AbortSignal,
): Promise<Observed> {
  const { parts, notes, cleanup } = trial;
  const { driver } = parts.cluster;
  const ended = new AbortController();
  const samplesEnded = new AbortController();
  const broken = new AbortController();
  const signal = either(stop, broken.signal);
  const fail = (error: unknown): void => broken.abort(error);
  const watch = new DesktopWatch(parts.arm.probe.consecutive);
  const aim: Aim = { victim: null, endpoint: await firstWayIn(trial, desktop, signal) };

  const probing = startProbe(trial, aim, watch, either(ended.signal, samplesEnded.signal));
  const observing = driver.observe(
    desktop.handle,
    {
      victim: () => aim.victim,
      onEvent: (event) => {
        notes.note({ kind: "control-plane", event }).catch(fail);
        if (event.kind === "other-node-lost") fail(otherNode(event));
      },
    },
    ended.signal,
  );
  const settled = Promise.allSettled([probing.catch(fail), observing.catch(fail)]);
  cleanup.register("stop observing", async () => {
    ended.abort();
    await settled;
    driver.avoid(null);
    await parts.samples.flush();
  });

  return {
    watch,
    signal,
    aimAt: async (node) => {
      aim.victim = node;
      driver.avoid(node);
      aim.endpoint = await wayIn(trial, desktop, node, signal);
    },
    endSamples: async () => {
      samplesEnded.abort();
      await probing.catch(() => undefined);
    },
  };
}

interface Aim {
  victim: string | null;
  endpoint: Endpoint;
}

async function startProbe(
  { parts, notes }: Trial,
  aim: Aim,
  watch: DesktopWatch,
  signal: AbortSignal,
): Promise<void> {
  const { arm, clock } = parts;
  const grid = parts.probe.effective(arm.probe, aim.endpoint);
  const phase = times(grid.period, parts.random.fork("grid").next());
  await notes.note({
    kind: "observing",
    endpoint: describeEndpoint(aim.endpoint),
    grid: { period_ms: inMs(grid.period), phase_ms: inMs(phase) },
    timeouts: { connect_ms: inMs(grid.connectTimeout), attempt_ms: inMs(grid.attemptTimeout) },
    lateness_ms: inMs(clock.floor.lateness),
    depth: arm.probe.depth,
    consecutive: arm.probe.consecutive,
  });
  await parts.probe.watch(
    {
      trial: parts.trial.id,
      target: "desktop",
      endpoint: () => aim.endpoint,
      spec: arm.probe,
      start: after(clock.now(), phase),
      grid,
    },
    (sample) => {
      parts.samples.add(sample);
      parts.progress.sample(sample);
      watch.add(sample);
    },
    signal,
  );
}

async function firstWayIn(
  trial: Trial,
  desktop: DeployedDesktop,
  signal: AbortSignal,
): Promise<Endpoint> {
  trial.notes.step("finding the way to the desktop");
  const limit = trial.parts.clock.timeout(milliseconds(trial.parts.arm.limits.steady_ms));
  return await wayIn(trial, desktop, null, either(signal, limit));
}

async function wayIn(
  { parts }: Trial,
  desktop: DeployedDesktop,
  victim: string | null,
  signal: AbortSignal,
): Promise<Endpoint> {
  const { driver } = parts.cluster;
  try {
    return await driver.endpoint(desktop.handle, parts.arm.desktop, victim, signal);
  } catch (error) {
    throw new TrialEnds("void", `no way to the desktop: ${describeError(error)}`, error);
  }
}

const otherNode = (event: ControlPlaneEvent): OtherNodeLost =>
  new OtherNodeLost(event.node ?? "unknown");

const describeEndpoint = (endpoint: Endpoint): string =>
  endpoint.kind === "novnc" ? `novnc ${endpoint.page_url}` : "console through the API";
