import type { Random } from "../../contracts/random.ts";
import type { Cluster } from "./cluster.ts";
import { vmidOf } from "./cluster.ts";
import { takeOrUnlock } from "./lock-client.ts";
import { NodeStatus } from "./node-status.ts";
import { agentLock } from "./pmxcfs-locks.ts";
import type { HaResource } from "./proxmox-twin.ts";

/** A service as its manager keeps it; each state change and each taken result gives it a new uid. */
interface Service {
  readonly sid: string;
  state: ServiceState;
  node: string;
  uid: string;
  running: boolean;
  failures: number;
}

type ServiceState =
  "request_start" | "started" | "request_stop" | "stopped" | "fence" | "recovery" | "error";

/** Rule: `max_restart` of a resource, by default. */
const DEFAULT_RESTARTS = 1;

/** The state machine of the CRM master: one object for as long as one node is master. */
export class Manager {
  readonly #cluster: Cluster;
  readonly #node: string;
  readonly #random: Random;
  readonly #nodes: NodeStatus;
  readonly #services = new Map<string, Service>();

  /** Goes on from the status that the last master left. */
  constructor(cluster: Cluster, node: string, random: Random) {
    this.#cluster = cluster;
    this.#node = node;
    this.#random = random;
    const { nodes, services } = cluster.files.managerStatus;
    this.#nodes = new NodeStatus(cluster.simulation, nodes);
    for (const [sid, { state, node: at, uid, running }] of Object.entries(services)) {
      if (isServiceState(state)) {
        this.#services.set(sid, { sid, state, node: at, uid, running, failures: 0 });
      }
    }
  }

  get hasServices(): boolean {
    return this.#services.size > 0;
  }

  /** The head of a round: who is online (as seen before the round's lock was renewed), and which services there are. */
  begin(members: ReadonlySet<string>): void {
    this.#nodes.update(this.#cluster.nodes, members);
    const { resources } = this.#cluster.files;
    for (const resource of resources.values()) {
      const home = this.#cluster.vms.find(vmidOf(resource.sid))?.node;
      if (resource.state === "ignored" || this.#services.has(resource.sid)) continue;
      if (home === undefined) continue;
      this.#services.set(resource.sid, {
        sid: resource.sid,
        state: wantsToRun(resource) ? "request_start" : "request_stop",
        node: home,
        uid: this.#newUid(),
        running: false,
        failures: 0,
      });
    }
    for (const sid of this.#services.keys()) {
      if ((resources.get(sid)?.state ?? "ignored") === "ignored") this.#services.delete(sid);
    }
  }

  /** One pass over services and nodes to be fenced; true when something changed, so that another has to follow. */
  pass(): boolean {
    let changed = false;
    for (const service of this.#services.values()) {
      const before = service.state;
      this.#advance(service);
      if (service.state !== before) changed = true;
    }
    return this.#fence() || changed;
  }

  /** Writes manager_status. */
  flush(): void {
    const services = [...this.#services.values()].map(
      ({ sid, state, node, uid, running }) =>
        [sid, { state, node, uid, running, target: null }] as const,
    );
    this.#cluster.files.managerStatus = {
      master: this.#node,
      wallSeconds: this.#cluster.simulation.wallSeconds(),
      nodes: this.#nodes.written(),
      services: Object.fromEntries(services),
    };
  }

  #advance(service: Service): void {
    const resource = this.#cluster.files.resources.get(service.sid);
    if (resource === undefined) return;
    switch (service.state) {
      case "request_start":
        this.#become(service, "started");
        return;
      case "started":
        this.#advanceStarted(service, resource);
        return;
      case "request_stop":
        this.#advanceRequestStop(service);
        return;
      case "stopped":
        this.#advanceStopped(service, resource);
        return;
      case "recovery":
        this.#recover(service, resource);
        return;
      case "error":
        if (resource.state === "disabled") this.#become(service, "stopped");
        return;
      case "fence":
        return;
    }
  }

  #advanceStarted(service: Service, resource: HaResource): void {
    if (!this.#nodes.isOnline(service.node)) {
      if (this.#nodes.isOfflineDelayed(service.node)) this.#become(service, "fence");
      return;
    }
    if (!wantsToRun(resource)) {
      this.#become(service, "request_stop");
      return;
    }
    const exitCode = this.#result(service);
    if (exitCode === null) return;
    service.failures = exitCode === 0 ? 0 : service.failures + 1;
    if (service.failures > (resource.maxRestart ?? DEFAULT_RESTARTS)) {
      this.#become(service, "error");
      return;
    }
    // A new uid makes the LRM look again, so that a service that went down by itself is started once more.
    if (exitCode === 0) service.running = true;
    service.uid = this.#newUid();
  }

  #advanceRequestStop(service: Service): void {
    const exitCode = this.#result(service);
    if (exitCode !== null) this.#become(service, exitCode === 0 ? "stopped" : "error");
    else if (this.#isLost(service.node)) this.#become(service, "fence");
  }

  #advanceStopped(service: Service, resource: HaResource): void {
    service.node = this.#cluster.vms.find(vmidOf(service.sid))?.node ?? service.node;
    if (resource.state === "disabled") return;
    if (this.#isLost(service.node)) this.#become(service, "fence");
    else if (wantsToRun(resource)) this.#become(service, "request_start");
  }

  #isLost(node: string): boolean {
    return !this.#nodes.isOnline(node) && this.#nodes.isOfflineDelayed(node);
  }

  /** One attempt per node and pass at the agent lock of each node that is to be fenced. */
  #fence(): boolean {
    const lost = [...this.#services.values()].filter((service) => service.state === "fence");
    const nodes = this.#cluster.nodes.filter(
      (node) => this.#nodes.isFencing(node) || lost.some((service) => service.node === node),
    );
    const fenced = nodes.filter((node) => this.#tryToFence(node));
    for (const service of lost) {
      if (fenced.includes(service.node)) this.#become(service, "recovery");
    }
    return fenced.length > 0;
  }

  #tryToFence(node: string): boolean {
    this.#nodes.startFencing(node);
    const acknowledged = takeOrUnlock(this.#cluster.locks, this.#node, agentLock(node));
    if (acknowledged) this.#nodes.fenced(node);
    return acknowledged;
  }

  /** Steals the service for the online node with the fewest; without one it is tried again in the next round. */
  #recover(service: Service, resource: HaResource): void {
    const online = this.#cluster.nodes.filter((node) => this.#nodes.isOnline(node));
    const [target] = online.toSorted((a, b) => this.#usage(a) - this.#usage(b));
    if (target === undefined) return;
    this.#cluster.vms.move(vmidOf(service.sid), target);
    this.#cluster.simulation.truth("service-moved", target, service.sid);
    service.node = target;
    this.#become(service, wantsToRun(resource) ? "started" : "request_stop");
  }

  #usage(node: string): number {
    return [...this.#services.values()].filter((service) => service.node === node).length;
  }

  /** The LRM's exit code for the service's present uid; null while there is none. */
  #result(service: Service): number | null {
    const status = this.#cluster.files.lrmStatus.get(service.node);
    return status?.results[service.uid]?.exitCode ?? null;
  }

  #become(service: Service, state: ServiceState): void {
    service.state = state;
    service.running = false;
    service.uid = this.#newUid();
    this.#cluster.simulation.truth(`service-${state}`, service.node, service.sid);
  }

  /** 22 letters and digits, as PVE's base64 of 128 bits looks. */
  #newUid(): string {
    let uid = "";
    while (uid.length < 22) uid += this.#random.next().toString(36).slice(2);
    return uid.slice(0, 22);
  }
}

const wantsToRun = (resource: HaResource): boolean =>
  resource.state === "started" || resource.state === "enabled";

const SERVICE_STATES: ReadonlySet<string> = new Set<ServiceState>([
  "request_start",
  "started",
  "request_stop",
  "stopped",
  "fence",
  "recovery",
  "error",
]);

const isServiceState = (state: string): state is ServiceState => SERVICE_STATES.has(state);
