import type { SpanMs } from "../../base/interval.ts";
import type { Random } from "../../contracts/random.ts";
import type { ClusterTimers, ControlPlaneEvent } from "../../model/cluster-facts.ts";
import { defaultKubernetesSettings } from "../../model/kubernetes-settings.ts";
import { middle } from "../measure-statistics.ts";
import { ageAt } from "../cycle-age.ts";
import type { Prediction } from "./prediction.ts";
import { predictKubernetes } from "./predict-kubernetes.ts";

/**
 * The same image starts a little sooner or later the next time: the kubelet sees a container run at its next relist and
 * answer at its next readiness probe, both once a second at a phase of their own (1.20: kubelet/pleg, kubelet/prober).
 * Two such phases at the deployment and two at the failover: most of their difference is within this.
 */
const START_SPREAD_MS = 600;
/** A pod that is Ready is not reached yet: endpoints and kube-proxy follow. */
const { endpoint_propagation_ms: FOLLOWS_MS } = defaultKubernetesSettings.assumed;

/** What a trial's journal says of the failover's cycle. */
interface TrialFacts {
  readonly timers: ClusterTimers | null;
  readonly events: readonly ControlPlaneEvent[];
  readonly fault: SpanMs | null;
}

/**
 * How long a power loss will last by the twin, from what the cluster's timers said just before it, and the renewals of the
 * victim's lease that were seen until it died. The middle of `fault` stands for the kill: its doubt is in the measured
 * recovery, which counts from it. Null where nothing was read that would tell.
 */
export function predictTrial(
  { timers, events, fault }: TrialFacts,
  random: Random,
): Prediction | null {
  if (timers === null || timers.kind !== "kubernetes" || fault === null) return null;
  const killed = middle(fault);
  const lease_age_ms = ageAt(timers, events, [killed, killed]);
  if (lease_age_ms === null) return null;
  const { node_monitor_period_ms, node_monitor_grace_ms, toleration_s, start_ms } = timers;
  return predictKubernetes(
    {
      settings: { ...defaultKubernetesSettings, node_monitor_period_ms, node_monitor_grace_ms },
      toleration_s,
      lease_age_ms,
      start_ms:
        start_ms === null
          ? null
          : [
              Math.max(0, start_ms[0] + FOLLOWS_MS - START_SPREAD_MS),
              start_ms[1] + FOLLOWS_MS + START_SPREAD_MS,
            ],
    },
    random,
  );
}
