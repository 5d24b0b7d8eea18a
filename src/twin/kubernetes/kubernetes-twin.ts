import type { DateTime } from "luxon";
import { present } from "../../base/assert.ts";
import { milliseconds, nanoseconds, times, zero } from "../../base/time.ts";
import type { Scheduler } from "../../contracts/scheduler.ts";
import type { Random } from "../../contracts/random.ts";
import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";
import type { Core } from "./core.ts";
import { startDeployments } from "./deployments.ts";
import { startEndpointSlices } from "./endpoint-slices.ts";
import { startGarbageCollector } from "./garbage-collector.ts";
import type { NodeRole } from "./initial-objects.ts";
import { createInitialObjects } from "./initial-objects.ts";
import type { Kubelet } from "./kubelet.ts";
import { startKubelet } from "./kubelet.ts";
import { Leadership } from "./leadership.ts";
import type { HostState } from "./machine.ts";
import { Machine } from "./machine.ts";
import { startNamespaceDeletion } from "./namespace-deletion.ts";
import { NodeMonitor } from "./node-monitor.ts";
import { ObjectStore } from "./object-store.ts";
import { startScheduler } from "./pod-scheduler.ts";
import type { PodPhase } from "./pod-runner.ts";
import { startReplicaSets } from "./replica-sets.ts";
import { Routes } from "./routes.ts";
import type { Scope } from "./scope.ts";
import { startTaintEviction } from "./taint-eviction.ts";
import type { TwinEvent, TwinFact } from "./twin-event.ts";
import { WallStamps } from "./wall-stamps.ts";

export interface KubernetesTwinOptions {
  /** No control-plane node means that the control plane runs elsewhere and never fails. */
  readonly settings: KubernetesSettings;
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** The cluster's wall time at the scheduler's origin. */
  readonly wallOrigin: DateTime;
  /** Internal address of a node. */
  readonly addressOf?: (node: string) => string;
}

interface TwinNode {
  readonly name: string;
  readonly role: NodeRole;
  readonly number: number;
  readonly address: string;
  readonly machine: Machine;
  kubelet: Kubelet | null;
  podCount: number;
}

/**
 * A Kubernetes cluster as far as its time behaviour goes, event by event (facts/kubernetes.md 1). The lab puts sockets
 * in front of it; prediction and tests run it alone on a virtual clock. Controllers meet only in `store`, as in a real
 * cluster; whoever writes there plays an API client.
 */
export class KubernetesTwin {
  readonly settings: KubernetesSettings;
  /** For those who write into the store as the API server would. */
  readonly core: Core;
  readonly store: ObjectStore;
  readonly routes: Routes;
  readonly #nodes: readonly TwinNode[];
  readonly #leadership: Leadership;
  readonly #listeners = new Set<(event: TwinEvent) => void>();

  constructor(options: KubernetesTwinOptions) {
    const { settings, scheduler, random } = options;
    this.settings = settings;
    const stamps = new WallStamps(scheduler, options.wallOrigin);
    this.store = new ObjectStore(random.fork("uid"), () => stamps.seconds());
    this.core = {
      settings,
      scheduler,
      random: random.fork("controllers"),
      store: this.store,
      stamps,
      apiIsUp: () => this.#apiIsUp(),
      tell: (fact) => this.#tell(fact),
    };
    this.#nodes = nodeNames(settings).map(({ name, role }, index) => ({
      name,
      role,
      number: index,
      address: options.addressOf?.(name) ?? `10.0.0.${index + 11}`,
      machine: this.#machine(name, random.fork(name)),
      kubelet: null,
      podCount: 0,
    }));
    this.#startNodes(random.fork("heartbeats"));
    this.routes = new Routes(this.core);
    const candidates = this.#nodes.filter((node) => node.role === "control-plane");
    this.#leadership = new Leadership(
      this.core,
      candidates.map((node) => node.machine),
      (scope) => startControllers(this.core, scope),
    );
  }

  get nodes(): readonly { readonly name: string; readonly role: NodeRole }[] {
    return this.#nodes;
  }

  powerOff(node: string): void {
    this.#node(node).machine.powerOff();
  }

  powerOn(node: string): void {
    this.#node(node).machine.powerOn();
  }

  /** Hard reset: the node goes down and boots at once. */
  reset(node: string): void {
    this.#node(node).machine.reset();
  }

  /** Kernel panic: dead for the network, but still powered; only power or reset brings it back. */
  panic(node: string): void {
    this.#node(node).machine.panic();
  }

  isPowered(node: string): boolean {
    return this.#node(node).machine.isPowered;
  }

  hostState(node: string): HostState {
    return this.#node(node).machine.state;
  }

  bootId(node: string): string {
    return this.#node(node).machine.bootId;
  }

  uuid(node: string): string {
    return this.#node(node).machine.uuid;
  }

  /** What answers at a pod's address: `dead` is silence (its machine is not up), `none` refuses. */
  podAt(
    node: string,
    ip: string,
  ): { readonly phase: PodPhase | "dead" | "none"; readonly pod: string } {
    const { machine, kubelet } = this.#node(node);
    if (machine.state !== "up") return { phase: "dead", pod: "" };
    return kubelet?.pods.at(ip) ?? { phase: "none", pod: "" };
  }

  /** The model's own truth with exact instants. Returns how to stop listening. */
  subscribe(listener: (event: TwinEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #startNodes(random: Random): void {
    const interval = milliseconds(this.settings.lease_duration_ms / 4);
    const phases = this.#nodes.map(() => times(interval, random.next()));
    createInitialObjects(
      this.core,
      this.#nodes.map((node, index) => ({
        ...node,
        uuid: node.machine.uuid,
        bootId: node.machine.bootId,
        leaseAge: nanoseconds(interval - (phases[index] ?? zero)),
      })),
    );
    this.#nodes.forEach((node, index) => {
      this.#startKubelet(node, { firstRenewal: phases[index] ?? zero, adopt: true });
    });
  }

  #startKubelet(node: TwinNode, start: Parameters<typeof startKubelet>[2]): void {
    const identity = {
      name: node.name,
      address: node.address,
      bootId: node.machine.bootId,
      nextPodIP: () => `10.244.${node.number}.${2 + (node.podCount++ % 250)}`,
    };
    node.kubelet = startKubelet(this.core, identity, start);
  }

  #machine(name: string, random: Random): Machine {
    const { scheduler, settings } = this.core;
    const world = { scheduler, random, bootMs: settings.assumed.node_boot_ms };
    return new Machine(name, world, (state) => this.#hostChanged(name, state));
  }

  #hostChanged(name: string, state: HostState): void {
    const node = this.#node(name);
    node.kubelet?.stop();
    node.kubelet = null;
    if (state === "up") this.#startKubelet(node, { firstRenewal: zero, adopt: false });
    this.#tell({ kind: "host", node: name, state });
    if (node.role === "control-plane") this.#leadership.reconsider();
  }

  #apiIsUp(): boolean {
    return (
      this.settings.control_plane_nodes === 0 ||
      this.#nodes.some((node) => node.role === "control-plane" && node.machine.state === "up")
    );
  }

  #node(name: string): TwinNode {
    return present(
      this.#nodes.find((node) => node.name === name),
      `node ${name}`,
    );
  }

  #tell(fact: TwinFact): void {
    const event: TwinEvent = { at: this.core.scheduler.now(), ...fact };
    for (const listener of this.#listeners) listener(event);
  }
}

export const createKubernetesTwin = (options: KubernetesTwinOptions): KubernetesTwin =>
  new KubernetesTwin(options);

/** Names of a cluster's nodes, control plane first. */
export const nodeNames = (
  settings: KubernetesSettings,
): readonly { readonly name: string; readonly role: NodeRole }[] => [
  ...numbered("cp", settings.control_plane_nodes, "control-plane"),
  ...numbered("worker", settings.workers, "worker"),
];

const numbered = (
  prefix: string,
  count: number,
  role: NodeRole,
): { readonly name: string; readonly role: NodeRole }[] =>
  Array.from({ length: count }, (_, index) => ({ name: `${prefix}${index + 1}`, role }));

/** What the leader runs; each knows the others only by what they write into the store. */
function startControllers(core: Core, scope: Scope): void {
  startDeployments(core, scope);
  startReplicaSets(core, scope);
  startScheduler(core, scope);
  startEndpointSlices(core, scope);
  startGarbageCollector(core, scope);
  startNamespaceDeletion(core, scope);
  startTaintEviction(core, scope);
  NodeMonitor.start(core, scope);
}
