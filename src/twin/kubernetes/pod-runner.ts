import { milliseconds } from "../../base/time.ts";
import type { Core } from "./core.ts";
import { recordEvent, referenceTo } from "./event-recorder.ts";
import { isReady, isTerminating, namespaceOf } from "./metadata.ts";
import type { Pod } from "./objects.ts";
import { runningPod, startingPod, withReadiness } from "./pod-status.ts";
import type { Scope } from "./scope.ts";

/** A kubelet that cannot reach the API tries again after this (its sync loop). */
const API_RETRY_MS = 1000;
/** SIGTERM to the end of the container. Outside every measured phase: the pod has left its endpoints before. */
const TERMINATION_MS = 1000;

/** What runs on a node: `starting` has no process yet, `running` refuses connections, `serving` answers. */
export type PodPhase = "starting" | "running" | "serving" | "stopping";

/** One node as its kubelet knows it. */
export interface NodeIdentity {
  readonly name: string;
  readonly address: string;
  readonly bootId: string;
  readonly nextPodIP: () => string;
}

interface Running {
  readonly uid: string;
  readonly namespace: string;
  readonly name: string;
  readonly ip: string;
  phase: PodPhase;
}

/** Runs the pods bound to one node. Containers that it finds in the API but not on its machine it starts (again). */
export class PodRunner {
  readonly #core: Core;
  readonly #node: NodeIdentity;
  readonly #scope: Scope;
  readonly #running = new Map<string, Running>();

  /** `adopt`: what the API says is running does run (the model starts with a cluster that has been up for long). */
  constructor(core: Core, node: NodeIdentity, life: { scope: Scope; adopt: boolean }) {
    this.#core = core;
    this.#node = node;
    this.#scope = life.scope;
    const { pods } = core.store;
    const enqueue = this.#scope.queue((key) => this.#whenApiIsUp(() => this.#sync(key)));
    const look = (pod: Pod): void => {
      if (pod.spec.nodeName === node.name) enqueue(`${namespaceOf(pod)}/${pod.metadata.name}`);
    };
    this.#scope.onEnd(
      pods.subscribe(({ type, object }) => {
        const known = this.#running.has(object.metadata.uid);
        if (type === "DELETED") this.#lose(object.metadata.uid);
        else if (!known || isTerminating(object)) look(object);
      }),
    );
    for (const pod of pods.all()) {
      if (!life.adopt) look(pod);
      else if (pod.spec.nodeName === node.name) this.#adopt(pod);
    }
  }

  /** By pod IP; null: no such pod here. */
  at(podIP: string): { readonly phase: PodPhase; readonly pod: string } | null {
    for (const entry of this.#running.values()) {
      if (entry.ip === podIP) return { phase: entry.phase, pod: entry.name };
    }
    return null;
  }

  #adopt(pod: Pod): void {
    this.#running.set(pod.metadata.uid, {
      ...identityOf(pod),
      ip: pod.status.podIP ?? "",
      phase: "serving",
    });
  }

  /** Its object is gone, removed by force: it stops without further ado. */
  #lose(uid: string): void {
    const entry = this.#running.get(uid);
    if (entry?.phase === "serving") this.#tellProcess("pod-stopped", entry);
    this.#running.delete(uid);
  }

  #tellProcess(kind: "pod-serving" | "pod-stopped", entry: Running): void {
    this.#core.tell({ kind, pod: entry.name, node: this.#node.name, ip: entry.ip });
  }

  #sync(key: string): void {
    const [namespace = "", name = ""] = key.split("/");
    const { pods } = this.#core.store;
    const pod = pods.get(namespace, name);
    if (pod?.spec.nodeName !== this.#node.name) return;
    const entry = this.#running.get(pod.metadata.uid);
    if (!isTerminating(pod)) {
      if (entry === undefined) this.#start(pod);
    } else if (entry === undefined) {
      pods.remove(pod);
      this.#core.tell({ kind: "pod-removed", pod: name, node: this.#node.name });
    } else this.#stop(entry, pod);
  }

  #start(pod: Pod): void {
    const { store, stamps, settings } = this.#core;
    const onHostNetwork = pod.spec["hostNetwork"] === true;
    const entry: Running = {
      ...identityOf(pod),
      ip: onHostNetwork ? this.#node.address : this.#node.nextPodIP(),
      phase: "starting",
    };
    this.#running.set(entry.uid, entry);
    store.pods.update(startingPod(pod, this.#node.address, stamps.seconds()));
    this.#scope.after(milliseconds(settings.assumed.container_start_ms), () => this.#run(entry));
  }

  #run(entry: Running): void {
    if (entry.phase !== "starting") return;
    const { store, stamps, settings, tell } = this.#core;
    entry.phase = "running";
    this.#scope.after(milliseconds(settings.assumed.desktop_start_ms), () => this.#serve(entry));
    this.#whenApiIsUp(() => {
      const pod = this.#current(entry);
      if (pod === undefined) return;
      this.#sayStarted(pod);
      // Without a readiness probe a container counts as ready as soon as it runs.
      const ready = !pod.spec.containers.some((each) => each.readinessProbe !== undefined);
      store.pods.update(runningPod(pod, entry.ip, { stamp: stamps.seconds(), ready }));
      tell({ kind: "pod-running", pod: entry.name, node: this.#node.name });
      if (ready) tell({ kind: "pod-ready", pod: entry.name, node: this.#node.name });
    });
  }

  #serve(entry: Running): void {
    if (entry.phase !== "running") return;
    entry.phase = "serving";
    this.#tellProcess("pod-serving", entry);
    this.#whenApiIsUp(() => {
      const pod = this.#current(entry);
      if (pod === undefined || isReady(pod) || isTerminating(pod)) return;
      this.#core.store.pods.update(withReadiness(pod, true, this.#core.stamps.seconds()));
      this.#core.tell({ kind: "pod-ready", pod: entry.name, node: this.#node.name });
    });
  }

  #stop(entry: Running, pod: Pod): void {
    if (entry.phase === "stopping") return;
    if (entry.phase !== "starting") this.#say(pod, "Killing", `Stopping container ${first(pod)}`);
    if (entry.phase === "serving") this.#tellProcess("pod-stopped", entry);
    entry.phase = "stopping";
    this.#scope.after(milliseconds(TERMINATION_MS), () => {
      this.#running.delete(entry.uid);
      this.#whenApiIsUp(() => {
        const left = this.#current(entry);
        if (left !== undefined) this.#core.store.pods.remove(left);
        this.#core.tell({ kind: "pod-removed", pod: entry.name, node: this.#node.name });
      });
    });
  }

  /** The newest state of a pod that this node still runs. */
  #current(entry: Running): Pod | undefined {
    const pod = this.#core.store.pods.get(entry.namespace, entry.name);
    return pod?.metadata.uid === entry.uid ? pod : undefined;
  }

  #whenApiIsUp(run: () => void): void {
    if (this.#core.apiIsUp()) run();
    else this.#scope.after(milliseconds(API_RETRY_MS), () => this.#whenApiIsUp(run));
  }

  #sayStarted(pod: Pod): void {
    const image = pod.spec.containers[0]?.image ?? "";
    this.#say(pod, "Pulled", `Container image "${image}" already present on machine`);
    this.#say(pod, "Created", `Created container ${first(pod)}`);
    this.#say(pod, "Started", `Started container ${first(pod)}`);
  }

  #say(pod: Pod, reason: string, message: string): void {
    recordEvent(this.#core, referenceTo(pod), { reason, message, component: "kubelet" });
  }
}

const first = (pod: Pod): string => pod.spec.containers[0]?.name ?? "";

const identityOf = (pod: Pod): { uid: string; namespace: string; name: string } => ({
  uid: pod.metadata.uid,
  namespace: namespaceOf(pod),
  name: pod.metadata.name,
});
