import type { Duration, Instant } from "../../base/time.ts";
import { after, milliseconds, times, zero } from "../../base/time.ts";
import type { Core } from "./core.ts";
import { recordEvent, referenceTo } from "./event-recorder.ts";
import { conditionOf, isReady, withConditions } from "./metadata.ts";
import { nodeReference } from "./node-status.ts";
import {
  isTaintedFor,
  removeNoExecute,
  startNoScheduleTaints,
  taintNoExecute,
} from "./node-taints.ts";
import type { Condition, ConditionStatus, KubeNode } from "./objects.ts";
import { withPodConditions } from "./pod-status.ts";
import type { Scope } from "./scope.ts";
import { TaintQueue } from "./taint-queue.ts";
import type { ZoneState } from "./zone-disruption.ts";
import { countsForDisruption, evictionRate, zoneOf, zoneStateOf } from "./zone-disruption.ts";

/** What the controller remembers of a node between its passes. */
interface NodeHealth {
  /** When a pass last saw a newer heartbeat. */
  readonly probedAt: Instant;
  readonly renewTime: string | undefined;
  readonly heartbeat: string | null | undefined;
}

/**
 * The node lifecycle controller (node_lifecycle_controller.go, 1.20): passes over all nodes every monitor period plus
 * their own work; heartbeats are stamped by the pass that sees them; the NoExecute taint is decided on the condition as
 * it was before a pass, hence queued one pass after Unknown.
 */
export class NodeMonitor {
  readonly #core: Core;
  readonly #scope: Scope;
  readonly #taints: TaintQueue;
  readonly #health = new Map<string, NodeHealth>();
  readonly #zones = new Map<string, ZoneState>();
  readonly #known = new Set<string>();

  /** `settled`: it has been running for long; else its first pass comes at once, and knows no node. */
  static start(core: Core, scope: Scope, settled: boolean): NodeMonitor {
    const monitor = new NodeMonitor(core, scope);
    const phase = times(monitor.#round, core.random.next());
    scope.after(settled ? phase : zero, () => monitor.#pass());
    if (settled)
      for (const { metadata } of core.store.nodes.all()) monitor.#known.add(metadata.name);
    return monitor;
  }

  private constructor(core: Core, scope: Scope) {
    this.#core = core;
    this.#scope = scope;
    this.#taints = new TaintQueue(
      scope,
      { now: () => core.scheduler.now(), phase: core.random.next() },
      (node) => taintNoExecute(core, node, null),
    );
    startNoScheduleTaints(core, scope);
  }

  /** From one pass to the next. */
  get #round(): Duration {
    const { node_monitor_period_ms, assumed } = this.#core.settings;
    return milliseconds(node_monitor_period_ms + assumed.monitor_work_ms);
  }

  #pass(): void {
    const { store, tell } = this.#core;
    this.#scope.after(this.#round, () => this.#pass());
    if (!this.#core.apiIsUp()) return;
    tell({ kind: "monitor-pass" });
    this.#welcomeNewNodes();
    const zones = new Map<string, boolean[]>();
    for (const node of store.nodes.all()) {
      const before = conditionOf(node, "Ready")?.status ?? "Unknown";
      const current = this.#judge(node);
      if (countsForDisruption(node)) {
        zones.set(zoneOf(node), [...(zones.get(zoneOf(node)) ?? []), isReady(current)]);
      }
      this.#decideEviction(current, before);
      if (before === "True" && !isReady(current)) this.#announceLoss(current);
    }
    this.#handleDisruption(zones);
    this.#forgetDeletedNodes();
  }

  /** A node that this controller has not seen before counts as reachable at first, whatever it is tainted with (nlc:775). */
  #welcomeNewNodes(): void {
    for (const node of this.#core.store.nodes.all()) {
      if (this.#known.has(node.metadata.name)) continue;
      this.#known.add(node.metadata.name);
      this.#markReachable(node);
    }
  }

  #markReachable(node: KubeNode): void {
    removeNoExecute(this.#core, node);
    this.#taints.remove(node.metadata.name);
  }

  /** tryUpdateNodeHealth: stamps what is newer, and declares Unknown what has been silent for longer than the grace. */
  #judge(node: KubeNode): KubeNode {
    const { scheduler, settings, store } = this.#core;
    const { name } = node.metadata;
    const now = scheduler.now();
    const renewTime = store.leases.get("kube-node-lease", name)?.spec.renewTime;
    const heartbeat = conditionOf(node, "Ready")?.lastHeartbeatTime;
    const known = this.#health.get(name);
    const isNews =
      known === undefined || known.renewTime !== renewTime || known.heartbeat !== heartbeat;
    const probedAt = isNews ? now : known.probedAt;
    this.#health.set(name, { probedAt, renewTime, heartbeat });
    if (now <= after(probedAt, milliseconds(settings.node_monitor_grace_ms))) return node;
    if (conditionOf(node, "Ready")?.status === "Unknown") return node;
    const lost = store.nodes.update(withAllUnknown(node, this.#core.stamps.seconds()));
    this.#core.tell({ kind: "node-unknown", node: name });
    return lost;
  }

  /**
   * processTaintBaseEviction, on the condition as it was before this pass. A node that bears the other taint gets this one
   * at once; one that bears none is queued, though it was queued before (somebody may have taken its taint away).
   */
  #decideEviction(node: KubeNode, before: ConditionStatus): void {
    const { name } = node.metadata;
    if (before === "True") {
      this.#markReachable(node);
      return;
    }
    if (isTaintedFor(node, before === "False" ? "Unknown" : "False")) {
      taintNoExecute(this.#core, name, before);
      return;
    }
    if (!isTaintedFor(node, before)) this.#taints.forget(name);
    this.#taints.add(zoneOf(node), name, this.#core.settings.node_eviction_rate);
  }

  #announceLoss(node: KubeNode): void {
    const { name } = node.metadata;
    recordEvent(this.#core, nodeReference(name), {
      reason: "NodeNotReady",
      message: `Node ${name} status is now: NodeNotReady`,
      component: "node-controller",
    });
    this.#markPodsNotReady(name);
  }

  /** In the same pass, so that they leave their EndpointSlices at once. */
  #markPodsNotReady(node: string): void {
    const { store, stamps } = this.#core;
    for (const pod of store.pods.all()) {
      if (pod.spec.nodeName !== node || !isReady(pod)) continue;
      store.pods.update(withPodConditions(pod, stamps.seconds(), { Ready: "False" }));
      recordEvent(this.#core, referenceTo(pod), {
        type: "Warning",
        reason: "NodeNotReady",
        message: "Node is not ready",
        component: "node-controller",
      });
    }
  }

  #handleDisruption(zones: ReadonlyMap<string, readonly boolean[]>): void {
    const states = new Map([...zones].map(([zone, ready]) => [zone, zoneStateOf(ready)] as const));
    const allAreFull = states.size > 0 && [...states.values()].every((state) => state === "full");
    const allWereFull =
      this.#zones.size > 0 && [...this.#zones.values()].every((state) => state === "full");
    if (allAreFull && allWereFull) return;
    if (allAreFull) {
      this.#stopEvictions(states.keys());
      return;
    }
    if (allWereFull) this.#giveEverybodyNewTime();
    for (const [zone, state] of states) {
      if (this.#zones.get(zone) === state && !allWereFull) continue;
      const size = zones.get(zone)?.length ?? 0;
      this.#taints.setRate(zone, evictionRate(state, size, this.#core.settings.node_eviction_rate));
      this.#zones.set(zone, state);
    }
  }

  /** Every node of every zone is lost: more likely the master is cut off than all nodes are dead. */
  #stopEvictions(zones: Iterable<string>): void {
    for (const node of this.#core.store.nodes.all()) this.#markReachable(node);
    for (const zone of zones) {
      this.#taints.setRate(zone, 0);
      this.#zones.set(zone, "full");
    }
  }

  #giveEverybodyNewTime(): void {
    const probedAt = this.#core.scheduler.now();
    for (const [name, health] of this.#health) this.#health.set(name, { ...health, probedAt });
  }

  #forgetDeletedNodes(): void {
    for (const name of this.#known) {
      if (this.#core.store.nodes.get("", name) !== undefined) continue;
      this.#known.delete(name);
      this.#health.delete(name);
      this.#taints.remove(name);
    }
  }
}

const CONDITION_TYPES = ["MemoryPressure", "DiskPressure", "PIDPressure", "Ready"];

function withAllUnknown(node: KubeNode, stamp: string): KubeNode {
  const unknown = CONDITION_TYPES.map((type): Condition => {
    const before = conditionOf(node, type);
    return {
      type,
      status: "Unknown",
      lastHeartbeatTime: before?.lastHeartbeatTime ?? null,
      lastTransitionTime: before?.status === "Unknown" ? before.lastTransitionTime : stamp,
      reason: "NodeStatusUnknown",
      message: "Kubelet stopped posting node status.",
    };
  });
  return {
    ...node,
    status: { ...node.status, conditions: withConditions(node.status.conditions, unknown) },
  };
}
