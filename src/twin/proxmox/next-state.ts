import { WRONG_NODE } from "./constants.ts";
import type { Service, ServiceState } from "./managed-service.ts";
import { returns, wantsToRun } from "./managed-service.ts";
import type { NodeStatus } from "./node-status.ts";
import type { HaResource, LrmStatus } from "./proxmox-twin.ts";

/** Rule: `max_restart` of a resource, by default. */
const DEFAULT_RESTARTS = 1;

/** What a service's next state depends on. */
export interface Surroundings {
  readonly nodes: NodeStatus;
  /** The LRM's exit code for the service's present uid; null while there is none. */
  result(service: Service): number | null;
  modeOf(node: string): LrmStatus["mode"];
  /** Where its configuration lies. */
  homeOf(service: Service): string | null;
  /** The online node with the fewest services. */
  bestNode(): string | null;
  become(service: Service, state: ServiceState, target?: string): void;
  renew(service: Service): void;
  /** Takes the configuration over to another node, whatever still uses it. */
  steal(service: Service, node: string): void;
}

/** One step of one service. Fencing is not among them: that is the business of its node. */
export function advance(service: Service, resource: HaResource, around: Surroundings): void {
  switch (service.state) {
    case "request_start":
      around.become(service, "started");
      break;
    case "started":
      advanceStarted(service, resource, around);
      break;
    case "request_stop":
      advanceRequestStop(service, around);
      break;
    case "stopped":
      advanceStopped(service, resource, around);
      break;
    case "migrate":
    case "relocate":
      advanceMove(service, resource, around);
      break;
    case "recovery":
      recover(service, resource, around);
      break;
    case "freeze":
    case "error":
    case "fence":
      wakeUp(service, resource, around);
  }
  freezeWithItsNode(service, around);
}

/** Nothing is done with such a service until somebody else has done something. */
function wakeUp(service: Service, resource: HaResource, around: Surroundings): void {
  const { state, node } = service;
  if (state === "freeze" && around.modeOf(node) === "active") {
    around.become(service, wanted(resource));
  }
  if (state === "error" && resource.state === "disabled") around.become(service, "stopped");
}

/** An LRM that announces its restart gets its services back as they were. */
function freezeWithItsNode(service: Service, around: Surroundings): void {
  if (around.modeOf(service.node) !== "restart") return;
  const { state } = service;
  if (state === "started" || state === "stopped" || state === "request_stop") {
    around.become(service, "freeze");
  }
}

function advanceStarted(service: Service, resource: HaResource, around: Surroundings): void {
  if (!isLookedAfter(service, around)) return;
  if (!wantsToRun(resource)) {
    around.become(service, "request_stop");
    return;
  }
  if (service.wish !== null) {
    grant(service, around);
    return;
  }
  const exitCode = around.result(service);
  if (exitCode !== null && !accept(service, resource, exitCode)) {
    around.become(service, "error");
    return;
  }
  const node = placeOf(service, resource, around);
  if (node !== service.node) {
    // It is on its way back, or goes on to where nobody has to come back from.
    if (service.node !== service.maintenanceNode) service.maintenanceNode = null;
    around.become(service, "migrate", node);
  } else if (exitCode !== null) {
    // A new uid makes the LRM look again, so that a service that went down by itself is started once more.
    around.renew(service);
  }
}

/** Whether its node can do something for it: not one that is away, which is fenced when it stays so. */
function isLookedAfter(service: Service, around: Surroundings): boolean {
  const { nodes } = around;
  const { node } = service;
  if (nodes.isOnline(node)) return true;
  if (nodes.isOfflineDelayed(node)) {
    around.become(service, "fence");
    return false;
  }
  if (!nodes.isInMaintenance(node)) return false;
  service.maintenanceNode = node;
  return true;
}

/** Takes the LRM's result in; false when the service has failed too often. */
function accept(service: Service, resource: HaResource, exitCode: number): boolean {
  service.failures = exitCode === 0 ? 0 : service.failures + 1;
  if (exitCode === 0) service.running = true;
  return service.failures <= (resource.maxRestart ?? DEFAULT_RESTARTS);
}

/** Where a started service belongs: where it is, unless that node is, or was, in maintenance. */
function placeOf(service: Service, resource: HaResource, around: Surroundings): string {
  const { nodes } = around;
  const { node, maintenanceNode } = service;
  const isHome = nodes.isOnline(node);
  if (isHome && node === maintenanceNode) service.maintenanceNode = null;
  if (isHome && !returns(resource)) return node;
  if (maintenanceNode !== null && nodes.isOnline(maintenanceNode)) return maintenanceNode;
  if (isHome) return node;
  return around.bestNode() ?? node;
}

/** Whoever asked was told "yes" already; what cannot be done any more is dropped without a word. */
function grant(service: Service, around: Surroundings): void {
  const { wish } = service;
  service.wish = null;
  if (wish === null || wish.target === service.node) return;
  if (around.nodes.isOnline(wish.target)) around.become(service, wish.kind, wish.target);
}

function advanceMove(service: Service, resource: HaResource, around: Surroundings): void {
  const exitCode = around.result(service);
  if (exitCode === WRONG_NODE) {
    around.become(service, "error");
  } else if (exitCode !== null) {
    if (exitCode === 0) service.node = service.target ?? service.node;
    around.become(service, wanted(resource));
  } else if (isLost(service.node, around)) {
    around.become(service, "fence");
  }
}

function advanceRequestStop(service: Service, around: Surroundings): void {
  const exitCode = around.result(service);
  if (exitCode !== null) around.become(service, exitCode === 0 ? "stopped" : "error");
  else if (isLost(service.node, around)) around.become(service, "fence");
}

function advanceStopped(service: Service, resource: HaResource, around: Surroundings): void {
  service.node = around.homeOf(service) ?? service.node;
  if (service.wish !== null) {
    grant(service, around);
    if (service.target !== null) return;
  }
  if (resource.state === "disabled") return;
  const isAway = isLost(service.node, around) && !around.nodes.isInMaintenance(service.node);
  if (isAway) around.become(service, "fence");
  else if (wantsToRun(resource)) around.become(service, "request_start");
}

const isLost = (node: string, { nodes }: Surroundings): boolean =>
  !nodes.isOnline(node) && nodes.isOfflineDelayed(node);

/**
 * Steals the service for the best online node; without one it is tried again in the next round. One whose migration had
 * just arrived when its old node died is where it should be.
 */
function recover(service: Service, resource: HaResource, around: Surroundings): void {
  const home = around.homeOf(service);
  if (home !== null && home !== service.node && around.nodes.isOnline(home)) {
    service.node = home;
  } else {
    const target = around.bestNode();
    if (target === null) return;
    around.steal(service, target);
    service.node = target;
  }
  around.become(service, wanted(resource));
}

const wanted = (resource: HaResource): ServiceState =>
  wantsToRun(resource) ? "started" : "request_stop";
