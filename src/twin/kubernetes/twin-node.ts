import type { Duration } from "../../base/time.ts";
import { zero } from "../../base/time.ts";
import type { Random } from "../../contracts/random.ts";
import type { PodPhase } from "./containers.ts";
import { Containers } from "./containers.ts";
import type { Core } from "./core.ts";
import type { NodeRole } from "./initial-objects.ts";
import type { KubeletStart } from "./kubelet.ts";
import { Kubelet } from "./kubelet.ts";
import type { HostState, ShutdownAction } from "./machine.ts";
import { LINK, Machine } from "./machine.ts";
import type { ProcessChange } from "./units.ts";
import { Units } from "./units.ts";

export interface TwinNodeOptions {
  readonly name: string;
  readonly role: NodeRole;
  readonly number: number;
  readonly address: string;
  readonly random: Random;
  /** Some API server can be reached from this node. */
  readonly apiAnswers: () => boolean;
  /** Its machine or its link changed. */
  readonly changed: () => void;
}

const FIRST_POD = 2;
const PODS = 250;

const podIP = (node: number, pod: number): string => `10.244.${node}.${pod}`;

/** The address of a pod that has been running since before the model: none that a new one gets. */
export const earlierPodIP = (node: number): string => podIP(node, FIRST_POD + PODS);

/** One node of the cluster: a machine, its services, its containers, and the kubelet as long as that runs. */
export class TwinNode {
  readonly name: string;
  readonly role: NodeRole;
  readonly number: number;
  readonly address: string;
  readonly machine: Machine;
  readonly units: Units;
  readonly #core: Core;
  readonly #options: TwinNodeOptions;
  readonly #containers: Containers;
  #kubelet: Kubelet | null = null;
  #podCount = 0;

  constructor(core: Core, options: TwinNodeOptions) {
    const { name, role, number, address, random } = options;
    const { scheduler, settings } = core;
    this.name = name;
    this.role = role;
    this.number = number;
    this.address = address;
    this.#core = core;
    this.#options = options;
    this.#containers = new Containers(core, name);
    this.units = new Units(scheduler, (unit, change) => this.#unitChanged(unit, change));
    const { node_boot_ms: bootMs, node_shutdown_ms: shutdownMs } = settings.assumed;
    const world = { scheduler, random, bootMs, shutdownMs };
    this.machine = new Machine(name, world, {
      stateChanged: (state) => this.#stateChanged(state),
      linkChanged: (up) => this.#linkChanged(up),
      shuttingDown: (action) => this.#shuttingDown(action),
    });
  }

  /** Others can reach it. */
  get isOnline(): boolean {
    return this.machine.state === "up" && this.machine.linkIsUp;
  }

  /** It has been up for long, with all that the API says is running here. */
  settle(firstRenewal: Duration, runtimePhase: number): void {
    this.#startKubelet({ firstRenewal, settled: true, runtimePhase });
  }

  /** What answers at a pod's address: `dead` is silence (its machine cannot be reached), `none` refuses. */
  podAt(ip: string): { readonly phase: PodPhase | "dead" | "none"; readonly pod: string } {
    if (!this.isOnline) return { phase: "dead", pod: "" };
    return this.#containers.at(ip) ?? { phase: "none", pod: "" };
  }

  #startKubelet(start: KubeletStart): void {
    this.#kubelet = new Kubelet(
      this.#core,
      {
        name: this.name,
        address: this.address,
        bootId: this.machine.bootId,
        containers: this.#containers,
        nextPodIP: () => podIP(this.number, FIRST_POD + (this.#podCount++ % PODS)),
        apiAnswers: this.#options.apiAnswers,
        runtimeAnswers: () => this.units.works("containerd"),
      },
      start,
    );
  }

  #stopKubelet(): void {
    this.#kubelet?.stop();
    this.#kubelet = null;
  }

  #stateChanged(state: HostState): void {
    this.#stopKubelet();
    this.#containers.end();
    if (state === "up") {
      this.units.boot();
      this.#startKubelet(ANEW);
    }
    this.#core.tell({ kind: "host", node: this.name, state });
    this.#options.changed();
  }

  #linkChanged(up: boolean): void {
    this.#core.tell({ kind: "link", node: this.name, link: LINK, up });
    this.#options.changed();
  }

  /** The service manager sends SIGTERM to services and containers alike; this release's kubelet does not wait for its pods. */
  #shuttingDown(action: ShutdownAction): void {
    this.#core.tell({ kind: "shutdown", node: this.name, action });
    this.units.stopAll();
    for (const container of this.#containers.all()) this.#containers.stop(container);
  }

  #unitChanged(unit: string, change: ProcessChange): void {
    // Between power off and boot nothing acts.
    if (this.machine.state !== "up") return;
    this.#core.tell({ kind: "unit", node: this.name, unit, change });
    if (unit === "containerd") this.#kubelet?.runtimeChanged();
    else this.#kubeletChanged(change);
  }

  #kubeletChanged(change: ProcessChange): void {
    switch (change) {
      case "started":
        this.#startKubelet(ANEW);
        return;
      case "ended":
        this.#stopKubelet();
        return;
      case "frozen":
        this.#kubelet?.freeze();
        return;
      case "thawed":
        this.#kubelet?.thaw();
        return;
    }
  }
}

const ANEW: KubeletStart = { firstRenewal: zero, settled: false, runtimePhase: 0 };
