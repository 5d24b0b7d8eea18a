import type { SpanMs } from "../../base/interval.ts";
import { renewalPeriodMs } from "../../model/cycles.ts";
import type { WaitText } from "../../model/explanation.ts";
import { lengthBetween } from "./chain.ts";
import type { Failover, KubernetesTimers } from "./failover.ts";
import { aboutSeconds, secondsOf } from "./in-words.ts";

/** What the rules of Kubernetes say of each wait (facts/kubernetes.md 1); files are those of v1.20.2. */

const CONTROLLER = "kubernetes pkg/controller/nodelifecycle/node_lifecycle_controller.go";

export function graceWait(
  { fault }: Failover,
  timers: KubernetesTimers,
  renewed: SpanMs | null,
): WaitText {
  const age =
    renewed === null
      ? "at an unknown time"
      : `${aboutSeconds(lengthBetween(renewed, fault))} before the kill`;
  return {
    name: "grace period",
    phase: "detection",
    rule: `A node is lost when its Lease has gone without renewal for longer than the grace period; the last renewal was ${age}.`,
    setting: `node-monitor-grace-period = ${secondsOf(timers.node_monitor_grace_ms)}`,
    shorten: `a shorter --node-monitor-grace-period, several renewals of the Lease (${secondsOf(renewalPeriodMs(timers))} each) long at least`,
    source: `${CONTROLLER}:1096, pkg/kubelet/kubelet.go:790`,
    within: null,
  };
}

export const monitorWait = ({ node_monitor_period_ms }: KubernetesTimers): WaitText => ({
  name: "monitor pass",
  phase: "detection",
  rule: "The grace is counted from the pass that saw the renewal, not from the renewal, and it is a pass that finds it over.",
  setting: `node-monitor-period = ${secondsOf(node_monitor_period_ms)}`,
  shorten: "a shorter --node-monitor-period",
  source: `${CONTROLLER}:1093`,
  within: null,
});

export const taintWait = ({ node_monitor_period_ms }: KubernetesTimers): WaitText => ({
  name: "eviction pass",
  phase: "fencing",
  rule: "The NoExecute taint is decided on the condition as it was before the pass, so it comes one pass after the node is lost.",
  setting: `node-monitor-period = ${secondsOf(node_monitor_period_ms)}`,
  shorten: "a shorter --node-monitor-period",
  source: `${CONTROLLER}:793, :832 and :860`,
  within: null,
});

export function tolerationWait({ toleration_s }: KubernetesTimers): WaitText {
  return {
    name: "toleration",
    phase: "fencing",
    rule: "The pod is deleted when it has tolerated the taint for its tolerationSeconds.",
    setting: toleration_s === null ? null : `tolerationSeconds = ${toleration_s}`,
    shorten: toleration_s === 0 ? null : "a smaller tolerationSeconds for unreachable",
    source:
      "kubernetes pkg/controller/nodelifecycle/scheduler/taint_manager.go, plugin/pkg/admission/defaulttolerationseconds/admission.go",
    within: null,
  };
}

export const bindingWait: WaitText = {
  name: "new pod",
  phase: "placement",
  rule: "A pod with a deletion stamp no longer counts, so the ReplicaSet makes another one at once, and the scheduler binds it.",
  setting: null,
  shorten: null,
  source: "kubernetes pkg/controller/replicaset/replica_set.go, pkg/scheduler/scheduler.go",
  within: null,
};

export const containerWait: WaitText = {
  name: "container start",
  phase: "start",
  rule: "The kubelet makes the sandbox, pulls the image where it is absent, and starts the container.",
  setting: null,
  shorten: "the image on every node beforehand, and a small one",
  source: "measured; kubernetes pkg/kubelet/kuberuntime/kuberuntime_manager.go",
  within: null,
};

export const readinessWait: WaitText = {
  name: "desktop and readiness",
  phase: "service",
  rule: "The desktop starts in its container, the next readiness probe finds it, and the pod enters its EndpointSlice.",
  setting: null,
  shorten: "a desktop that starts faster, and a readiness probe that asks more often",
  source: "measured; kubernetes pkg/kubelet/prober/worker.go",
  within: null,
};

export const routesWait: WaitText = {
  name: "routes",
  phase: "service",
  rule: "Ingress or kube-proxy follow the EndpointSlice and send traffic to the new pod.",
  setting: null,
  shorten: null,
  source: "measured; kubernetes pkg/proxy/iptables/proxier.go",
  within: null,
};
