import type { Random } from "../../contracts/random.ts";
import type { Cluster } from "./cluster.ts";
import { vmidOf } from "./cluster.ts";
import type { CrmCommand, HaView } from "./ha-files.ts";
import { takeOrUnlock } from "./lock-client.ts";
import type { Service, ServiceState } from "./managed-service.ts";
import { newService, readService, wantsToRun, writtenServices } from "./managed-service.ts";
import { advance } from "./next-state.ts";
import type { Surroundings } from "./next-state.ts";
import { NodeStatus } from "./node-status.ts";
import { agentLock } from "./pmxcfs-locks.ts";
import type { LrmStatus } from "./proxmox-twin.ts";

/** The state machine of the CRM master: one object for as long as one node is master. */
export class Manager {
  readonly #cluster: Cluster;
  readonly #node: string;
  readonly #random: Random;
  readonly #nodes: NodeStatus;
  readonly #services = new Map<string, Service>();
  readonly #maintenance: Set<string>;
  readonly #around: Surroundings;

  /** Goes on from the status that the last master left. */
  constructor(cluster: Cluster, node: string, random: Random) {
    this.#cluster = cluster;
    this.#node = node;
    this.#random = random;
    const status = this.#files.managerStatus;
    this.#nodes = new NodeStatus(cluster.simulation, status.nodes);
    this.#maintenance = new Set(status.maintenanceRequests);
    this.#around = this.#surroundings();
    for (const sid of Object.keys(status.services)) {
      const service = readService(sid, status);
      if (service !== null) this.#services.set(sid, service);
    }
  }

  get hasServices(): boolean {
    return this.#services.size > 0;
  }

  /**
   * The head of a round that began in wall second `wall`: who is online (as seen before the round's lock was renewed), and
   * which services there are.
   */
  begin(members: ReadonlySet<string>, wall: number): void {
    this.#nodes.update(this.#cluster.nodes, {
      members,
      wall,
      modeOf: (node) => this.#modeOf(node),
    });
    const { resources } = this.#files;
    for (const resource of resources.values()) {
      const { sid } = resource;
      const home = this.#cluster.vms.find(vmidOf(sid))?.node;
      if (resource.state === "ignored" || this.#services.has(sid)) continue;
      if (home === undefined) continue;
      const state = wantsToRun(resource) ? "request_start" : "request_stop";
      this.#services.set(sid, newService(sid, state, home, this.#newUid()));
    }
    for (const sid of this.#services.keys()) {
      if ((resources.get(sid)?.state ?? "ignored") === "ignored") this.#services.delete(sid);
    }
  }

  /** One pass over services and nodes to be fenced; true when something changed, so that another has to follow. */
  pass(): boolean {
    this.#takeCommands();
    let changed = false;
    for (const service of this.#services.values()) {
      const before = service.state;
      const resource = this.#files.resources.get(service.sid);
      if (resource !== undefined) advance(service, resource, this.#around);
      if (service.state !== before) changed = true;
    }
    return this.#fence() || changed;
  }

  /** Writes manager_status. */
  flush(): void {
    this.#cluster.files.managerStatus = {
      master: this.#node,
      wallSeconds: this.#cluster.simulation.wallSeconds(),
      nodes: this.#nodes.written(),
      ...writtenServices([...this.#services.values()]),
      maintenanceRequests: [...this.#maintenance],
    };
  }

  get #files(): HaView {
    return this.#cluster.files.on(this.#node);
  }

  #takeCommands(): void {
    const { files } = this.#cluster;
    const { commands } = files;
    files.commands = [];
    for (const command of commands) this.#take(command);
  }

  /** What cannot be done is only logged by PVE: nobody who asked is told. */
  #take(command: CrmCommand): void {
    if (command.kind === "maintenance") {
      if (!command.enabled) this.#maintenance.delete(command.node);
      else if (this.#nodes.isOnline(command.node)) this.#maintenance.add(command.node);
      return;
    }
    const { kind, sid, target } = command;
    const service = this.#services.get(sid);
    if (service === undefined || service.node === target) return;
    if (this.#nodes.isOnline(target)) service.wish = { kind, target };
  }

  /** One attempt per node and pass at the agent lock of each node that is to be fenced. */
  #fence(): boolean {
    const lost = [...this.#services.values()].filter((service) => service.state === "fence");
    const nodes = this.#cluster.nodes.filter(
      (node) => this.#nodes.isFencing(node) || lost.some((service) => service.node === node),
    );
    const fenced = nodes.filter((node) => this.#tryToFence(node));
    for (const service of lost) {
      if (fenced.includes(service.node)) this.#become(service, "recovery", null);
    }
    return fenced.length > 0;
  }

  #tryToFence(node: string): boolean {
    this.#nodes.startFencing(node);
    const acknowledged = takeOrUnlock(this.#cluster.locks, this.#node, agentLock(node));
    if (acknowledged) this.#nodes.fenced(node);
    return acknowledged;
  }

  #surroundings(): Surroundings {
    return {
      nodes: this.#nodes,
      result: (service) => this.#result(service),
      modeOf: (node) => this.#modeOf(node),
      homeOf: (service) => this.#cluster.vms.find(vmidOf(service.sid))?.node ?? null,
      bestNode: () => this.#bestNode(),
      become: (service, state, target) => {
        this.#become(service, state, target ?? null);
      },
      renew: (service) => {
        service.uid = this.#newUid();
      },
      steal: (service, node) => {
        this.#steal(service, node);
      },
    };
  }

  #steal({ sid }: Service, node: string): void {
    const { vms, simulation } = this.#cluster;
    const vmid = vmidOf(sid);
    if (vms.isRunning(vmid)) {
      // Its old node lives on, cut off and without a watchdog. PVE would let both run; the twin knows one instance.
      simulation.truth("split-brain", vms.get(vmid).node, sid);
      vms.halt(vmid);
    }
    vms.move(vmid, node);
    simulation.truth("service-moved", node, sid);
  }

  #bestNode(): string | null {
    const online = this.#cluster.nodes.filter((node) => this.#nodes.isOnline(node));
    const [best] = online.toSorted((a, b) => this.#usage(a) - this.#usage(b));
    return best ?? null;
  }

  /** A service on the move counts on both nodes. */
  #usage(node: string): number {
    const all = [...this.#services.values()];
    return all.filter((each) => each.node === node || each.target === node).length;
  }

  #result(service: Service): number | null {
    const status = this.#files.lrmStatus.get(service.node);
    return status?.results[service.uid]?.exitCode ?? null;
  }

  #modeOf(node: string): LrmStatus["mode"] {
    return this.#files.lrmStatus.get(node)?.mode ?? "active";
  }

  #become(service: Service, state: ServiceState, target: string | null): void {
    service.state = state;
    service.target = target;
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
