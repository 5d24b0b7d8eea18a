import type { HaResource, ManagerStatus } from "./proxmox-twin.ts";

/** A service as its manager keeps it; each state change and each taken result gives it a new uid. */
export interface Service {
  readonly sid: string;
  state: ServiceState;
  node: string;
  /** Where it is on its way to, while it is migrated or relocated. */
  target: string | null;
  uid: string;
  running: boolean;
  failures: number;
  /** Where it came from when its node went into maintenance. */
  maintenanceNode: string | null;
  /** A move that somebody asked for, until the service is in a state in which it can begin. */
  wish: Wish | null;
}

interface Wish {
  readonly kind: "migrate" | "relocate";
  readonly target: string;
}

const SERVICE_STATES = [
  "request_start",
  "started",
  "request_stop",
  "stopped",
  "migrate",
  "relocate",
  "freeze",
  "fence",
  "recovery",
  "error",
] as const;

export type ServiceState = (typeof SERVICE_STATES)[number];

const known: ReadonlySet<string> = new Set(SERVICE_STATES);

const isServiceState = (state: string): state is ServiceState => known.has(state);

export const newService = (
  sid: string,
  state: ServiceState,
  node: string,
  uid: string,
): Service => ({
  sid,
  state,
  node,
  uid,
  target: null,
  running: false,
  failures: 0,
  maintenanceNode: null,
  wish: null,
});

/** From the status that the last master left; null for a state that this manager does not know. */
export function readService(sid: string, status: ManagerStatus): Service | null {
  const written = status.services[sid];
  if (written === undefined) return null;
  const { state, ...rest } = written;
  if (!isServiceState(state)) return null;
  const maintenanceNode = status.maintenanceHomes[sid] ?? null;
  return { sid, state, ...rest, maintenanceNode, failures: 0, wish: null };
}

export function writtenServices(
  services: readonly Service[],
): Pick<ManagerStatus, "services" | "maintenanceHomes"> {
  const entries = services.map(
    ({ sid, state, node, uid, running, target }) =>
      [sid, { state, node, uid, running, target }] as const,
  );
  const homes = services.flatMap(({ sid, maintenanceNode }) =>
    maintenanceNode === null ? [] : [[sid, maintenanceNode] as const],
  );
  return { services: Object.fromEntries(entries), maintenanceHomes: Object.fromEntries(homes) };
}

export const wantsToRun = (resource: HaResource): boolean =>
  resource.state === "started" || resource.state === "enabled";

/** `failback` is on by default. */
export const returns = (resource: HaResource): boolean => resource.failback !== 0;
