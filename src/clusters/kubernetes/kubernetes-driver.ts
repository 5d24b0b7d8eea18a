import { assert } from "../../base/assert.ts";
import { OperatingError } from "../../base/errors.ts";
import { seconds } from "../../base/time.ts";
import { KubernetesConnection } from "../../clients/kubernetes/connection.ts";
import { controlEndpoint } from "../../clients/shared/control-endpoint.ts";
import { retrying } from "../../clients/shared/retrying.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ClusterDriver, DesktopRequest } from "../../contracts/cluster-driver.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { DesktopHandle } from "../../model/cluster-facts.ts";
import type { DesktopSpec, KubernetesDesktop } from "../../model/experiment.ts";
import type { KubernetesCluster } from "../../model/inventory.ts";
import type { OurRequest } from "./deploy.ts";
import { deploy, placeOf, podsOf, prepare } from "./deploy.ts";
import { endpointOf } from "./endpoint.ts";
import { endpointSliceVersion, identify } from "./identify.ts";
import { createLock } from "./lock.ts";
import type { KubernetesHandle } from "./naming.ts";
import { observeDesktop } from "./observe.ts";
import { readHealth } from "./read-health.ts";
import { removeDesktop } from "./remove.ts";
import type { Session } from "./session.ts";
import { newMemory } from "./session.ts";
import { readServerClocks } from "./server-clocks.ts";
import { readTimers } from "./timers.ts";

/** Before a removal that failed is tried again. */
const PAUSE_AFTER_ERROR = seconds(2);

/** One Kubernetes cluster through its API servers, for a whole run. Opens nothing before the first question. */
export function createKubernetesDriver(options: {
  readonly cluster: KubernetesCluster;
  readonly clock: Clock;
  readonly secrets: Secrets;
}): ClusterDriver {
  const { cluster, clock, secrets } = options;
  const connection = new KubernetesConnection(cluster.api, clock, secrets);
  const session: Session = { cluster, clock, connection, memory: newMemory() };
  return {
    kind: "kubernetes",
    name: cluster.name,
    lock: createLock(session),
    identify: async (signal) => await identify(session, signal),
    health: async (signal) => await readHealth(session, signal),
    prepare: async (request, signal) => await prepare(session, ours(request), signal),
    deploy: async (desktop, request, signal) =>
      await session.memory.late.during(
        handleOf(desktop).mark,
        clock,
        async () => await deploy(session, handleOf(desktop), ours(request), signal),
      ),
    endpoint: async (desktop, spec, victim, signal) =>
      await endpointOf(session, handleOf(desktop), { spec: specOf(spec), victim }, signal),
    control: (victim) => controlEndpoint(() => connection.hosts(), victim),
    whereabouts: async (desktop, signal) =>
      placeOf(await podsOf(session, handleOf(desktop), signal)),
    timers: async (desktop, victim, signal) =>
      await readTimers(session, handleOf(desktop), victim, signal),
    clocks: async (signal) => {
      session.memory.clocks = await readServerClocks(options, signal);
      return session.memory.clocks;
    },
    avoid: (node) => connection.avoid(node),
    observe: async (desktop, { victim, onEvent }, signal) => {
      // Renewals seen in an earlier trial say nothing about this one.
      session.memory.renewals.clear();
      await observeDesktop(
        connection,
        handleOf(desktop),
        {
          victim,
          onEvent,
          onStart: (took) => session.memory.starts.replaced(handleOf(desktop).name, took),
          onRenewal: (node, seen) => session.memory.renewals.set(node, seen),
          sliceVersion: await versionWhileWatching(session, signal),
        },
        signal,
      );
    },
    // All that it has is its own; `remove` looks at the mark of each.
    bearsMark: async () => await Promise.resolve(true),
    remove: async (desktop, signal) => {
      const handle = handleOf(desktop);
      await retrying(
        {
          what: `remove desktop ${handle.name}`,
          otherwise: `Remove what bears its name in namespace ${handle.namespace} by hand`,
          pause: PAUSE_AFTER_ERROR,
          refused: null,
          clock,
        },
        signal,
        async () => await removeDesktop(session, handle, signal),
      );
    },
    close: async () => await connection.close(),
  };
}

/** Being told to stop is how an observation ends, and no failure of it. */
async function versionWhileWatching(session: Session, signal: AbortSignal): Promise<string> {
  try {
    return await endpointSliceVersion(session, signal);
  } catch (error) {
    if (signal.aborted) return "v1";
    throw error;
  }
}

function handleOf(desktop: DesktopHandle): KubernetesHandle {
  assert(desktop.kind === "kubernetes", "a Kubernetes driver was given another kind of desktop");
  return desktop;
}

/** Arm and cluster come from two files, so that they may disagree. */
function specOf(spec: DesktopSpec): KubernetesDesktop {
  if (spec.kind === "kubernetes") return spec;
  throw new OperatingError(
    "configuration",
    `Cannot deploy this desktop on Kubernetes as it is of another kind: it is ${spec.kind}`,
  );
}

const ours = (request: DesktopRequest): OurRequest => ({ ...request, spec: specOf(request.spec) });
