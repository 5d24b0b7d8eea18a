import { either, orAborted } from "../../base/abort.ts";
import { describeError } from "../../base/errors.ts";
import { milliseconds } from "../../base/time.ts";
import type { Endpoint } from "../../contracts/endpoint.ts";
import type { ControlPlaneEvent } from "../../model/cluster-facts.ts";
import { DesktopWatch } from "../desktop-watch.ts";
import { EventIntake } from "../event-intake.ts";
import { OtherNodeLost, TrialEnds } from "../trial-ends.ts";
import type { DeployedDesktop, Observed, Trial } from "../trial.ts";
import type { HeldSession } from "./hold-session.ts";
import { holdSession } from "./hold-session.ts";
import type { Aim } from "./start-probe.ts";
import { startProbe } from "./start-probe.ts";

/** Since the timers were read there are a few; those of before tell nothing more. */
const MOST_RENEWALS = 100;

/**
 * Starts the probe's samples, of the desktop and of the control target, and the control plane's events; a held session may
 * follow. Undo: stop them all.
 */
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
  const unheard = new AbortController();
  const intake = new EventIntake(
    async (event) => await notes.note({ kind: "control-plane", event }),
    (error) => {
      fail(error);
      // What is not taken any more need not be listened to, while the node is being healed.
      unheard.abort(error);
    },
  );
  const heard = hearing(intake, fail);
  const watch = new DesktopWatch(parts.arm.probe.consecutive);
  const aim: Aim = {
    victim: null,
    endpoint: await firstWayIn(trial, desktop, signal),
    // Most likely the victim; until it is known for sure, it is led around already.
    control: driver.control(desktop.whereabouts.node),
  };

  parts.progress.desktop(parts.trial, { endpoint: () => aim.endpoint, spec: parts.arm.probe });
  const probing = startProbe(trial, aim, watch, either(ended.signal, samplesEnded.signal));
  const observing = driver.observe(
    desktop.handle,
    { victim: () => aim.victim, onEvent: heard.onEvent },
    either(ended.signal, unheard.signal),
  );
  const settled = Promise.allSettled([probing.catch(fail), observing.catch(fail)]);
  let session: HeldSession | null = null;
  cleanup.register("stop observing", async () => {
    parts.progress.desktop(parts.trial, null);
    ended.abort();
    await settled;
    await session?.over.catch(() => undefined);
    driver.avoid(null);
    await keepSamples(trial);
  });

  return {
    watch,
    signal,
    renewals: heard.renewals,
    wayIn: () => aim.endpoint,
    aimAt: async (node) => {
      aim.victim = node;
      driver.avoid(node);
      aim.control = driver.control(node);
      aim.endpoint = await wayIn(trial, desktop, node, signal);
    },
    holdSession: async () => {
      session = holdSession(trial, aim.endpoint, ended.signal);
      session.over.catch(fail);
      await orAborted(session.told, signal);
    },
    endSamples: async () => {
      samplesEnded.abort();
      await probing.catch(() => undefined);
    },
  };
}

/** What the control plane tells is written; renewals are kept besides, and a lost node is told at once. */
function hearing(intake: EventIntake, fail: (error: unknown) => void) {
  let renewals: readonly ControlPlaneEvent[] = [];
  return {
    renewals: () => renewals,
    onEvent: (event: ControlPlaneEvent): void => {
      intake.take(event);
      if (event.kind === "lease-renewed") renewals = [...renewals.slice(1 - MOST_RENEWALS), event];
      if (event.kind === "other-node-lost") fail(otherNode(event));
    },
  };
}

async function keepSamples({ parts, notes }: Trial): Promise<void> {
  await parts.samples
    .flush()
    .catch(
      async (error: unknown) =>
        await notes.tryNote({ kind: "samples-lost", detail: describeError(error) }),
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
