import type { Instant } from "../../base/time.ts";
import { milliseconds, seconds, times } from "../../base/time.ts";
import type { Container, Containers } from "./containers.ts";
import type { Core } from "./core.ts";
import { recordEvent, referenceTo } from "./event-recorder.ts";
import { untilNextTurn } from "./grid.ts";
import { isReady, isTerminating, namespaceOf } from "./metadata.ts";
import type { Pod } from "./objects.ts";
import { runningPod, startingPod, withReadiness } from "./pod-status.ts";
import { probePeriod } from "./readiness-probe.ts";
import type { Scope } from "./scope.ts";

/** A kubelet that cannot reach the API or its runtime tries again after this (its sync loop). */
const RETRY_MS = 1000;
/** How often what the API says of a pod is compared with what the kubelet knows (status_manager.go:117). */
const RECONCILE = seconds(10);

/** One node as its kubelet knows it. */
export interface NodeIdentity {
  readonly name: string;
  readonly address: string;
  readonly bootId: string;
  readonly containers: Containers;
  readonly nextPodIP: () => string;
  /** The API can be reached from here. */
  readonly apiAnswers: () => boolean;
  readonly runtimeAnswers: () => boolean;
}

/**
 * Runs the pods bound to one node: a kubelet's work on its containers. Containers that it finds in the API but not on its
 * machine it starts (again); those that it finds on its machine it takes over.
 */
export class PodRunner {
  readonly #core: Core;
  readonly #node: NodeIdentity;
  readonly #scope: Scope;
  readonly #started: Instant;
  readonly #enqueue: (key: string) => void;
  /** Of each pod that it looks after, by UID: whether it is ready, as this kubelet knows. */
  readonly #ready = new Map<string, boolean>();
  #reconciling = false;

  /** `settled`: what the API says is running does run (the model starts with a cluster that has been up for long). */
  static start(core: Core, node: NodeIdentity, life: { scope: Scope; settled: boolean }): void {
    const runner = new PodRunner(core, node, life.scope);
    runner.#listen();
    if (life.settled) runner.#adoptAll();
    else runner.#lookAtAll();
  }

  private constructor(core: Core, node: NodeIdentity, scope: Scope) {
    this.#core = core;
    this.#node = node;
    this.#scope = scope;
    this.#started = core.scheduler.now();
    this.#enqueue = scope.queue((key) => this.#whenAble(() => this.#sync(key)));
    node.containers.watch({
      serving: (container) => this.#scope.run(() => this.#awaitProbe(container)),
      ended: (container) =>
        this.#scope.run(() => this.#whenApiAnswers(() => this.#ended(container))),
    });
  }

  #listen(): void {
    const { pods } = this.#core.store;
    this.#scope.onEnd(
      pods.subscribe(({ type, object }) => {
        const { uid } = object.metadata;
        if (object.spec.nodeName !== this.#node.name) return;
        if (type === "DELETED") this.#scope.run(() => this.#whenApiAnswers(() => this.#lose(uid)));
        else if (!this.#ready.has(uid) || isTerminating(object)) this.#look(object);
        else if (isReady(object) !== this.#ready.get(uid)) this.#planReconciling();
      }),
    );
  }

  #look(pod: Pod): void {
    this.#enqueue(`${namespaceOf(pod)}/${pod.metadata.name}`);
  }

  /** A kubelet that has just started: half-made containers it makes anew, and what nobody knows any more it stops. */
  #lookAtAll(): void {
    const { containers, name } = this.#node;
    for (const container of containers.all()) {
      if (container.phase === "starting") containers.drop(container.uid);
    }
    for (const pod of this.#core.store.pods.all()) if (pod.spec.nodeName === name) this.#look(pod);
    if (containers.all().length > 0) this.#scope.run(() => this.#whenAble(() => this.#tidy()));
  }

  #tidy(): void {
    for (const container of this.#node.containers.all()) {
      if (this.#current(container) === undefined) this.#node.containers.stop(container);
    }
  }

  #adoptAll(): void {
    for (const pod of this.#core.store.pods.all()) {
      if (pod.spec.nodeName !== this.#node.name) continue;
      const ip = pod.status.podIP ?? "";
      this.#node.containers.add({ ...identityOf(pod), ip, phase: "serving" });
      this.#ready.set(pod.metadata.uid, true);
    }
  }

  #lose(uid: string): void {
    this.#ready.delete(uid);
    this.#node.containers.drop(uid);
  }

  #sync(key: string): void {
    const [namespace = "", name = ""] = key.split("/");
    const { pods } = this.#core.store;
    const pod = pods.get(namespace, name);
    if (pod?.spec.nodeName !== this.#node.name) return;
    const container = this.#node.containers.get(pod.metadata.uid);
    if (!isTerminating(pod)) {
      if (container === undefined) this.#start(pod);
      else if (!this.#ready.has(pod.metadata.uid)) this.#takeOver(container, pod);
    } else if (container === undefined) {
      pods.remove(pod);
      this.#core.tell({ kind: "pod-removed", pod: name, node: this.#node.name });
    } else this.#stop(container, pod);
  }

  #start(pod: Pod): void {
    const { store, stamps, settings } = this.#core;
    const onHostNetwork = pod.spec["hostNetwork"] === true;
    const container = this.#node.containers.add({
      ...identityOf(pod),
      ip: onHostNetwork ? this.#node.address : this.#node.nextPodIP(),
      phase: "starting",
    });
    this.#ready.set(container.uid, false);
    store.pods.update(startingPod(pod, this.#node.address, stamps.seconds()));
    this.#scope.after(milliseconds(settings.assumed.container_start_ms), () =>
      this.#whenRuntimeAnswers(() => this.#run(container)),
    );
  }

  #run(container: Container): void {
    if (container.phase !== "starting") return;
    this.#node.containers.run(container);
    this.#whenApiAnswers(() => this.#postRunning(container));
  }

  #postRunning(container: Container): void {
    const { store, stamps, tell } = this.#core;
    const pod = this.#current(container);
    if (pod === undefined) return;
    this.#sayStarted(pod);
    // Without a readiness probe a container counts as ready as soon as it runs.
    const ready = this.#ready.get(container.uid) === true || probePeriod(pod) === null;
    this.#ready.set(container.uid, ready);
    store.pods.update(runningPod(pod, container.ip, { stamp: stamps.seconds(), ready }));
    tell({ kind: "pod-running", pod: container.name, node: this.#node.name });
    if (ready) tell({ kind: "pod-ready", pod: container.name, node: this.#node.name });
  }

  /**
   * It runs already, under a kubelet that is no more. Its readiness is not known before the first probe; until then the pod
   * is not ready (prober_manager.go:257).
   */
  #takeOver(container: Container, pod: Pod): void {
    this.#ready.set(container.uid, probePeriod(pod) === null);
    if (pod.status.phase === "Running") this.#postReadiness(container);
    else this.#postRunning(container);
    this.#awaitProbe(container);
  }

  /**
   * A process that answers is first probed after a random part of the probe's period: probes come by a ticker that started
   * at a random moment, whatever the process did (prober/worker.go:126).
   */
  #awaitProbe(container: Container): void {
    const pod = this.#current(container);
    const period = pod === undefined ? null : probePeriod(pod);
    if (period === null || !this.#isProbed(container)) return;
    this.#scope.after(times(period, this.#core.random.next()), () => this.#sawServing(container));
  }

  /** The readiness probe finds the process answering. */
  #sawServing(container: Container): void {
    if (!this.#isProbed(container)) return;
    this.#ready.set(container.uid, true);
    this.#whenApiAnswers(() => this.#postReadiness(container));
  }

  /** It answers, and this kubelet has taken it on: what starts to answer before that is probed from then on. */
  #isProbed(container: Container): boolean {
    return container.phase === "serving" && this.#ready.has(container.uid);
  }

  #postReadiness(container: Container): void {
    const { store, stamps, tell } = this.#core;
    const ready = this.#ready.get(container.uid);
    const pod = this.#current(container);
    if (pod === undefined || ready === undefined || isTerminating(pod)) return;
    if (pod.status.phase !== "Running" || isReady(pod) === ready) return;
    store.pods.update(withReadiness(pod, ready, stamps.seconds()));
    if (ready) tell({ kind: "pod-ready", pod: container.name, node: this.#node.name });
  }

  /** Somebody else wrote another readiness, as the node controller does for a lost node: the kubelet's own holds. */
  #planReconciling(): void {
    if (this.#reconciling) return;
    this.#reconciling = true;
    const wait = untilNextTurn(this.#started, RECONCILE, this.#core.scheduler.now());
    this.#scope.after(wait, () =>
      this.#whenApiAnswers(() => {
        this.#reconciling = false;
        for (const container of this.#node.containers.all()) this.#postReadiness(container);
      }),
    );
  }

  #stop(container: Container, pod: Pod): void {
    const { phase } = container;
    if (phase === "stopping") return;
    if (phase !== "starting") this.#say(pod, "Killing", `Stopping container ${first(pod)}`);
    this.#node.containers.stop(container);
  }

  #ended(container: Container): void {
    this.#ready.delete(container.uid);
    const left = this.#current(container);
    if (left !== undefined) this.#core.store.pods.remove(left);
    this.#core.tell({ kind: "pod-removed", pod: container.name, node: this.#node.name });
  }

  /** The newest state of a pod that this node still runs. */
  #current(container: Container): Pod | undefined {
    const pod = this.#core.store.pods.get(container.namespace, container.name);
    return pod?.metadata.uid === container.uid ? pod : undefined;
  }

  #whenAble(run: () => void): void {
    this.#when(() => this.#node.apiAnswers() && this.#node.runtimeAnswers(), run);
  }

  #whenApiAnswers(run: () => void): void {
    this.#when(this.#node.apiAnswers, run);
  }

  #whenRuntimeAnswers(run: () => void): void {
    this.#when(this.#node.runtimeAnswers, run);
  }

  #when(can: () => boolean, run: () => void): void {
    if (can()) run();
    else this.#scope.after(milliseconds(RETRY_MS), () => this.#when(can, run));
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
