import type { SpanMs } from "../../base/interval.ts";
import { renewalPeriodMs } from "../../model/cycles.ts";
import type { Step } from "./chain.ts";
import { seen } from "./chain.ts";
import type { Failover, KubernetesTimers } from "./failover.ts";
import { sightingOf } from "./failover.ts";
import {
  bindingWait,
  containerWait,
  graceWait,
  monitorWait,
  readinessWait,
  routesWait,
  taintWait,
  tolerationWait,
} from "./kubernetes-waits.ts";
import { probeWait } from "./probe-wait.ts";
import { common, lastBefore, later, sooner } from "./spans.ts";

/** What a desktop on Kubernetes waits for when its node is lost, in order (facts/kubernetes.md 1). */
export function kubernetesSteps(failover: Failover, timers: KubernetesTimers): readonly Step[] {
  const { node_lost, fenced, node_chosen, instance_started } = failover.instants;
  const renewed = leaseRenewal(failover, timers);
  return [
    {
      text: graceWait(failover, timers, renewed),
      end: graceEnd(renewed, timers, node_lost),
      seen: false,
    },
    { text: monitorWait(timers), ...seen(node_lost) },
    { text: taintWait(timers), ...seen(sightingOf(failover, "fencing-started", failover.victim)) },
    { text: tolerationWait(timers), ...seen(fenced) },
    { text: bindingWait, ...seen(node_chosen) },
    { text: containerWait, ...seen(instance_started) },
    { text: readinessWait, ...seen(sightingOf(failover, "endpoint-ready", failover.heir)) },
    { text: routesWait, ...seen(failover.back) },
    { text: probeWait(failover.grid), ...seen(failover.back) },
  ];
}

/** By how much more than its period a renewal may follow the one before; those that a watch saw need no such guess. */
const LATE_RENEWAL = 1.05;

/** The last renewal of the victim's Lease: by the watch, else by its age when that was read. */
export function leaseRenewal(
  { fault, events, lateness_ms, victim }: Failover,
  timers: KubernetesTimers,
): SpanMs | null {
  const { lease_age_ms, at_ms } = timers;
  const renewal = events.findLast(
    ({ kind, node, observed_ms }) =>
      kind === "lease-renewed" && node === victim && observed_ms[0] - lateness_ms <= fault[1],
  );
  if (renewal !== undefined) {
    const [earliest, latest] = renewal.observed_ms;
    return [earliest - lateness_ms, Math.min(latest, fault[1])];
  }
  const period = renewalPeriodMs(timers);
  return lease_age_ms === null
    ? null
    : lastBefore(fault, { at: at_ms, age: lease_age_ms }, [period, LATE_RENEWAL * period]);
}

/** The grace counts from the pass that saw the renewal, and ends with a pass: the node is missed within two. */
function graceEnd(
  renewed: SpanMs | null,
  { node_monitor_grace_ms, node_monitor_period_ms }: KubernetesTimers,
  node_lost: SpanMs | null,
): SpanMs | null {
  if (renewed === null) return null;
  const ruled = later(renewed, [node_monitor_grace_ms, node_monitor_grace_ms]);
  return node_lost === null
    ? ruled
    : common(ruled, sooner(node_lost, [0, 2 * node_monitor_period_ms + PASS_WORK_MS]));
}

/** Passes come as much later as they take: seen, on a busy control plane. */
const PASS_WORK_MS = 1000;
