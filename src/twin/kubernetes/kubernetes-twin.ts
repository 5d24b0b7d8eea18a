import type { DateTime } from "luxon";
import { assert, present } from "../../base/assert.ts";
import { milliseconds, nanoseconds, times, zero } from "../../base/time.ts";
import type { Scheduler } from "../../contracts/scheduler.ts";
import type { Random } from "../../contracts/random.ts";
import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";
import { leaseRenewalMs } from "../../model/kubernetes-settings.ts";
import type { Core } from "./core.ts";
import { startDeployments } from "./deployments.ts";
import { startDisruptionBudgets } from "./disruption-budgets.ts";
import { startEndpointSlices } from "./endpoint-slices.ts";
import { startGarbageCollector } from "./garbage-collector.ts";
import type { NodeRole } from "./initial-objects.ts";
import { createInitialObjects } from "./initial-objects.ts";
import { Leadership } from "./leadership.ts";
import type { HostState, ShutdownAction } from "./machine.ts";
import { LINK } from "./machine.ts";
import { startNamespaceDeletion } from "./namespace-deletion.ts";
import { NodeMonitor } from "./node-monitor.ts";
import { ObjectStore } from "./object-store.ts";
import { startScheduler } from "./pod-scheduler.ts";
import { startReplicaSets } from "./replica-sets.ts";
import { Routes } from "./routes.ts";
import type { Scope } from "./scope.ts";
import { startTaintEviction } from "./taint-eviction.ts";
import type { Standing } from "./standing-desktop.ts";
import { placeDesktop } from "./standing-desktop.ts";
import type { TwinEvent, TwinFact } from "./twin-event.ts";
import { TwinNode, earlierPodIP } from "./twin-node.ts";
import type { UnitAct, UnitState } from "./units.ts";
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
  /** Whether Event objects are written, for clients to read; by default they are. */
  readonly writesEvents?: boolean;
  /** What runs already, on a node that renewed its Lease just now; nothing by default. */
  readonly standing?: Standing;
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
      writesEvents: options.writesEvents ?? true,
      apiIsUp: () => this.#servers().length > 0,
      tell: (fact) => this.#tell(fact),
    };
    this.#nodes = nodeNames(settings).map(
      ({ name, role }, index) =>
        new TwinNode(this.core, {
          name,
          role,
          number: index,
          address: options.addressOf?.(name) ?? `10.0.0.${index + 11}`,
          random: random.fork(name),
          apiAnswers: () => this.#reachesApi(name),
          changed: () => {
            if (role === "control-plane") this.#leadership.reconsider();
          },
        }),
    );
    this.#settle(random, options.standing ?? null);
    this.routes = new Routes(this.core);
    const candidates = this.#nodes
      .filter(({ role }) => role === "control-plane")
      .map(({ name }) => ({ name, works: () => this.#reachesApi(name) }));
    this.#leadership = new Leadership(this.core, candidates, (scope, settled) =>
      startControllers(this.core, scope, settled),
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

  /** The operating system is asked to end in good order; one that is not up does not hear it. */
  shutDown(node: string, action: ShutdownAction): void {
    this.#node(node).machine.shutDown(action);
  }

  /** From the request until the power is gone. */
  isShuttingDown(node: string): boolean {
    return this.#node(node).machine.isShuttingDown;
  }

  links(node: string): readonly { readonly name: string; readonly up: boolean }[] {
    return [{ name: LINK, up: this.#node(node).machine.linkIsUp }];
  }

  /** A node whose link is down lives, and hears and says nothing. */
  setLink(node: string, link: string, up: boolean): void {
    assert(link === LINK, `${node} has no link ${link}`);
    this.#node(node).machine.setLink(up);
  }

  /** Null: the node has no such unit. */
  unit(node: string, name: string): UnitState | null {
    return this.#node(node).units.state(name);
  }

  /** An operating system that is not up does nothing; one that ends starts nothing any more. */
  actOnUnit(node: string, name: string, act: UnitAct): void {
    const { machine, units } = this.#node(node);
    if (machine.state === "up" && !machine.isShuttingDown) units.act(name, act);
  }

  isPowered(node: string): boolean {
    return this.#node(node).machine.isPowered;
  }

  hostState(node: string): HostState {
    return this.#node(node).machine.state;
  }

  /** It is up, and its link is. */
  isOnline(node: string): boolean {
    return this.#node(node).isOnline;
  }

  bootId(node: string): string {
    return this.#node(node).machine.bootId;
  }

  uuid(node: string): string {
    return this.#node(node).machine.uuid;
  }

  /** What answers at a pod's address: `dead` is silence (its machine cannot be reached), `none` refuses. */
  podAt(node: string, ip: string): ReturnType<TwinNode["podAt"]> {
    return this.#node(node).podAt(ip);
  }

  /** The model's own truth with exact instants. Returns how to stop listening. */
  subscribe(listener: (event: TwinEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Every node has been up for long; kubelets have their own phases. */
  #settle(random: Random, standing: Standing | null): void {
    const heartbeats = random.fork("heartbeats");
    const runtimes = random.fork("runtime checks");
    const interval = milliseconds(leaseRenewalMs(this.settings));
    const phases = this.#nodes.map(({ name }) => {
      const phase = heartbeats.next();
      return name === standing?.node ? interval : times(interval, phase);
    });
    createInitialObjects(
      this.core,
      this.#nodes.map(({ name, role, number, address, machine }, index) => ({
        name,
        role,
        number,
        address,
        uuid: machine.uuid,
        bootId: machine.bootId,
        leaseAge: nanoseconds(interval - (phases[index] ?? zero)),
      })),
    );
    if (standing !== null) {
      const { desktop, node } = standing;
      const { name, address, number } = this.#node(node);
      placeDesktop(this.core, desktop, { name, address, podIP: earlierPodIP(number) });
    }
    this.#nodes.forEach((node, index) => node.settle(phases[index] ?? zero, runtimes.next()));
  }

  /** Nodes whose API servers write: those that others can reach; a control plane of one node has itself, cut off or not. */
  #servers(): readonly string[] {
    if (this.settings.control_plane_nodes === 0) return [ELSEWHERE];
    const members = this.#nodes.filter(({ role }) => role === "control-plane");
    const [only] = members;
    if (members.length === 1 && only?.machine.state === "up") return [only.name];
    return members.filter(({ isOnline }) => isOnline).map(({ name }) => name);
  }

  #reachesApi(name: string): boolean {
    const node = this.#node(name);
    const servers = this.#servers();
    if (servers.includes(name)) return true;
    return node.isOnline && servers.some((each) => each === ELSEWHERE || this.isOnline(each));
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

/** Where API servers are that belong to no node of the cluster. */
const ELSEWHERE = "";

/** What the leader runs; each knows the others only by what they write into the store. */
function startControllers(core: Core, scope: Scope, settled: boolean): void {
  startDeployments(core, scope);
  startReplicaSets(core, scope);
  startScheduler(core, scope);
  startEndpointSlices(core, scope);
  startGarbageCollector(core, scope);
  startNamespaceDeletion(core, scope);
  startDisruptionBudgets(core, scope);
  startTaintEviction(core, scope);
  NodeMonitor.start(core, scope, settled);
}
