import { assert } from "../../base/assert.ts";
import { seconds } from "../../base/time.ts";
import { createProxmoxApi } from "../../clients/proxmox/proxmox-api.ts";
import { controlEndpoint } from "../../clients/shared/control-endpoint.ts";
import { retrying } from "../../clients/shared/retrying.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ClusterDriver, DesktopRequest } from "../../contracts/cluster-driver.ts";
import type { Endpoint } from "../../contracts/endpoint.ts";
import type { Random } from "../../contracts/random.ts";
import type { Secrets } from "../../contracts/secrets.ts";
import type { DesktopHandle } from "../../model/cluster-facts.ts";
import type { DesktopSpec, ProxmoxDesktop } from "../../model/experiment.ts";
import type { ApiHost, ProxmoxCluster } from "../../model/inventory.ts";
import { readClocks } from "../survey/read-clocks.ts";
import { consoleEndpoint } from "./console-endpoint.ts";
import { deploy } from "./deploy.ts";
import { guestEndpoint } from "./guest-endpoint.ts";
import { readHealth } from "./health.ts";
import { identify } from "./identity.ts";
import { poolLock } from "./lock.ts";
import { isMarkedInHa } from "./marked-in-ha.ts";
import { newMemory } from "./memory.ts";
import { observe } from "./observe.ts";
import { prepare, type ProxmoxHandle } from "./prepare.ts";
import { removeOwned } from "./remove.ts";
import { restoreExisting } from "./restore-existing.ts";
import type { Session } from "./session.ts";
import { readTimers } from "./timers.ts";
import { whereabouts } from "./whereabouts.ts";

/** Before a removal that failed is tried again. */
const PAUSE_AFTER_ERROR = seconds(2);

/** One Proxmox VE cluster through its REST API, for a whole run. Opens nothing before the first question. */
export function createProxmoxDriver(options: {
  readonly cluster: ProxmoxCluster;
  readonly clock: Clock;
  readonly random: Random;
  readonly secrets: Secrets;
}): ClusterDriver {
  return driverOver({ ...options, api: createProxmoxApi(options) });
}

/** The same over an API session that is there already. */
export function driverOver(parts: Omit<Session, "memory">): ClusterDriver {
  const session: Session = { ...parts, memory: newMemory() };
  const { api, memory } = session;
  return {
    kind: "proxmox",
    name: parts.cluster.name,
    lock: poolLock(session),
    identify: async (signal) => identify(session, signal),
    health: async (signal) => readHealth(session, signal),
    prepare: async (request, signal) => prepare(session, ours(request), signal),
    deploy: async (desktop, request, signal) =>
      memory.late.during(handleOf(desktop).mark, parts.clock, async () =>
        deploy(session, handleOf(desktop), ours(request), signal),
      ),
    endpoint: async (desktop, spec, _victim, signal) =>
      endpointOf(session, handleOf(desktop), specOf(spec), signal),
    control: (victim) => controlEndpoint(() => api.hosts(), victim),
    whereabouts: async (desktop, signal) => whereabouts(session, handleOf(desktop).vmid, signal),
    timers: async (_desktop, victim, signal) => readTimers(session, victim, signal),
    clocks: async (signal) => {
      memory.clocks = await readClocks(clocksOf(session), parts, signal);
      return memory.clocks;
    },
    avoid: (node) => {
      memory.returned.clear();
      api.avoid(node);
    },
    observe: async (desktop, watch, signal) =>
      observe(session, { vmid: handleOf(desktop).vmid, ...watch }, signal),
    bearsMark: async (desktop, signal) => isMarkedInHa(session, handleOf(desktop), signal),
    // A lock, a start still under way, a move: much that the API refuses passes.
    remove: async (desktop, signal) =>
      retrying(
        {
          what: `put VM ${handleOf(desktop).vmid} back as it was`,
          otherwise: "See its task log, then remove or restore it by hand",
          pause: PAUSE_AFTER_ERROR,
          refused: null,
          clock: parts.clock,
        },
        signal,
        async () => remove(session, handleOf(desktop), signal),
      ),
    close: async () => api.close(),
  };
}

const clocksOf = ({ api, cluster }: Session) => ({
  nodes: cluster.nodes,
  hosts: cluster.api.hosts,
  answerOf: async (host: ApiHost, signal: AbortSignal) =>
    await api.call({ method: "GET", path: "/version", host, deadline: signal }, signal),
});

async function endpointOf(
  session: Session,
  desktop: ProxmoxHandle,
  spec: ProxmoxDesktop,
  signal: AbortSignal,
): Promise<Endpoint> {
  const { reach, vnc_password } = spec;
  return reach.kind === "console"
    ? consoleEndpoint(session, desktop.vmid)
    : await guestEndpoint(session, desktop.vmid, { reach, vnc_password }, signal);
}

async function remove(
  session: Session,
  desktop: ProxmoxHandle,
  signal: AbortSignal,
): Promise<void> {
  const { before, mark } = desktop;
  // Deploying puts it under HA last, so that all else has come by then.
  const isComplete = async (): Promise<boolean> => isMarkedInHa(session, desktop, signal);
  await session.memory.late.settled({ mark, isComplete }, session.clock, signal);
  if (desktop.owned) await removeOwned(session, desktop, signal);
  else if (before !== null) await restoreExisting(session, { ...desktop, before }, signal);
  session.memory.own.delete(desktop.vmid);
}

function handleOf(desktop: DesktopHandle): ProxmoxHandle {
  assert(desktop.kind === "proxmox", `a ${desktop.kind} desktop came to a Proxmox VE driver`);
  return desktop;
}

function specOf(spec: DesktopSpec): ProxmoxDesktop {
  assert(spec.kind === "proxmox", `a ${spec.kind} desktop came to a Proxmox VE driver`);
  return spec;
}

const ours = (request: DesktopRequest): DesktopRequest & { readonly spec: ProxmoxDesktop } => ({
  ...request,
  spec: specOf(request.spec),
});
