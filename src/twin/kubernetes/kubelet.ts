import type { Duration, Instant } from "../../base/time.ts";
import { after, between, milliseconds, seconds, shorter, times, zero } from "../../base/time.ts";
import { leaseRenewalMs } from "../../model/kubernetes-settings.ts";
import type { Core } from "./core.ts";
import { isNews, postStatus } from "./node-status.ts";
import type { NodeIdentity } from "./pod-runner.ts";
import { PodRunner } from "./pod-runner.ts";
import { RUNTIME_CHECK, RuntimeWatch } from "./runtime-watch.ts";
import { Scope } from "./scope.ts";

/** `nodeStatusUpdateFrequency`: the status is looked at this often, and posted when it changed. */
const STATUS_PERIOD = seconds(10);
/** `nodeStatusReportFrequency`: without a change the status is posted only this often. */
const STATUS_REPORT = seconds(300);
/** A Lease that cannot be renewed is tried again after this (component-helpers' lease controller, `maxBackoff`). */
const RENEWAL_RETRY = seconds(7);
const RUNTIME_DOWN = "container runtime is down";

export interface KubeletStart {
  /** The phase of its heartbeats. */
  readonly firstRenewal: Duration;
  /** It has been running for long, and so has all that the API says is running here. */
  readonly settled: boolean;
  /** Phase of its questions to the runtime, from 0 to 1, where it is settled. */
  readonly runtimePhase: number;
}

/**
 * The agent of one node, as a process: renews the Lease, posts the node's status, runs its pods. Status is posted in the
 * same tick as the Lease (both loops start together), so that it never counts as a later heartbeat than the Lease.
 */
export class Kubelet {
  readonly #core: Core;
  readonly #node: NodeIdentity;
  readonly #scope: Scope;
  readonly #runtime: RuntimeWatch;
  #reported: Instant | null = null;

  constructor(core: Core, node: NodeIdentity, start: KubeletStart) {
    this.#core = core;
    this.#node = node;
    this.#scope = new Scope(core.scheduler);
    const now = core.scheduler.now();
    const phase = start.settled ? times(RUNTIME_CHECK, start.runtimePhase) : zero;
    this.#runtime = new RuntimeWatch(after(now, phase));
    if (!node.runtimeAnswers()) this.#runtime.lost(now, false);
    this.#begin(start.firstRenewal, () => this.#lookAtStatus());
    this.#begin(start.firstRenewal, () => this.#renew());
    PodRunner.start(core, node, { scope: this.#scope, settled: start.settled });
  }

  /** The process ends. */
  stop(): void {
    this.#scope.end();
  }

  /** SIGSTOP. */
  freeze(): void {
    this.#scope.freeze();
  }

  /** SIGCONT. */
  thaw(): void {
    this.#runtime.forgive(this.#core.scheduler.now());
    this.#scope.thaw();
  }

  /** containerd answers again, or no longer. */
  runtimeChanged(): void {
    const now = this.#core.scheduler.now();
    if (this.#node.runtimeAnswers()) this.#runtime.returned(now);
    else this.#runtime.lost(now);
  }

  #begin(delay: Duration, loop: () => void): void {
    if (delay === zero) loop();
    else this.#scope.after(delay, loop);
  }

  #lookAtStatus(): void {
    const { scheduler } = this.#core;
    this.#scope.after(STATUS_PERIOD, () => this.#lookAtStatus());
    if (!this.#node.apiAnswers()) return;
    const now = scheduler.now();
    const ailment = this.#runtime.isDown(now) ? RUNTIME_DOWN : null;
    const isDue = this.#reported === null || between(this.#reported, now) >= STATUS_REPORT;
    if (!isDue && !isNews(this.#core, this.#node.name, ailment)) return;
    postStatus(this.#core, this.#node, ailment);
    this.#reported = now;
  }

  #renew(): void {
    const interval = milliseconds(leaseRenewalMs(this.#core.settings));
    const answers = this.#node.apiAnswers();
    this.#scope.after(answers ? interval : shorter(interval, RENEWAL_RETRY), () => this.#renew());
    if (!answers) return;
    const { store, stamps, tell } = this.#core;
    const lease = store.leases.get("kube-node-lease", this.#node.name);
    if (lease === undefined) return;
    store.leases.update({ ...lease, spec: { ...lease.spec, renewTime: stamps.micros() } });
    tell({ kind: "lease-renewed", node: this.#node.name });
  }
}

/** Back-dates a Lease to `age` ago, as a kubelet left it that has been renewing all along. */
export const renewTimeBefore = (core: Core, age: Duration): string =>
  core.stamps.micros(times(age, -1));
