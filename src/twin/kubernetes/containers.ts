import { milliseconds } from "../../base/time.ts";
import type { Core } from "./core.ts";
import { Scope } from "./scope.ts";

/** SIGTERM to the end of the container. Outside every measured phase: the pod has left its endpoints before. */
const TERMINATION_MS = 1000;

/** What runs on a node: `starting` has no process yet, `running` refuses connections, `serving` answers. */
export type PodPhase = "starting" | "running" | "serving" | "stopping";

/** One pod's container on its machine. */
export interface Container {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly ip: string;
  phase: PodPhase;
}

/** The kubelet that looks after the containers, where there is one. */
export interface ContainerWatcher {
  /** The process in it answers from now on. */
  readonly serving: (container: Container) => void;
  /** It has ended, and is gone. */
  readonly ended: (container: Container) => void;
}

/**
 * The containers of one machine. Each has a shim of its own, so that they run on without kubelet and without containerd;
 * they end with the machine.
 */
export class Containers {
  readonly #core: Core;
  readonly #node: string;
  readonly #all = new Map<string, Container>();
  #life: Scope;
  #watcher: ContainerWatcher | null = null;

  constructor(core: Core, node: string) {
    this.#core = core;
    this.#node = node;
    this.#life = new Scope(core.scheduler);
  }

  watch(watcher: ContainerWatcher): void {
    this.#watcher = watcher;
  }

  get(uid: string): Container | undefined {
    return this.#all.get(uid);
  }

  all(): readonly Container[] {
    return [...this.#all.values()];
  }

  /** By pod IP; null: no such pod here. */
  at(podIP: string): { readonly phase: PodPhase; readonly pod: string } | null {
    for (const { ip, phase, name } of this.#all.values()) {
      if (ip === podIP) return { phase, pod: name };
    }
    return null;
  }

  add(container: Container): Container {
    this.#all.set(container.uid, container);
    return container;
  }

  /** Its process starts, and answers after the time that the image needs. */
  run(container: Container): void {
    container.phase = "running";
    this.#life.after(milliseconds(this.#core.settings.assumed.desktop_start_ms), () => {
      if (container.phase !== "running") return;
      container.phase = "serving";
      this.#tell("pod-serving", container);
      this.#watcher?.serving(container);
    });
  }

  /** SIGTERM: it no longer answers, and is gone a moment later. */
  stop(container: Container): void {
    if (container.phase === "stopping") return;
    if (container.phase === "serving") this.#tell("pod-stopped", container);
    container.phase = "stopping";
    this.#life.after(milliseconds(TERMINATION_MS), () => {
      this.#all.delete(container.uid);
      this.#watcher?.ended(container);
    });
  }

  /** Its object was removed by force: it stops without further ado. */
  drop(uid: string): void {
    const container = this.#all.get(uid);
    if (container === undefined) return;
    if (container.phase === "serving") this.#tell("pod-stopped", container);
    // What it still planned must not happen.
    container.phase = "stopping";
    this.#all.delete(uid);
  }

  /** The machine is gone, and everything that ran on it. */
  end(): void {
    this.#life.end();
    this.#life = new Scope(this.#core.scheduler);
    this.#all.clear();
  }

  #tell(kind: "pod-serving" | "pod-stopped", { name, ip }: Container): void {
    this.#core.tell({ kind, pod: name, node: this.#node, ip });
  }
}
