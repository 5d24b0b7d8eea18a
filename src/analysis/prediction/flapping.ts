import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";

/**
 * A heartbeat may be as old as a renewal of the Lease and a pass of the monitor before the next one is seen: a grace period
 * that is no longer takes healthy nodes for lost, and there is nothing to predict.
 */
export const leastGraceMs = ({
  lease_duration_ms,
  node_monitor_period_ms,
}: Pick<KubernetesSettings, "lease_duration_ms" | "node_monitor_period_ms">): number =>
  lease_duration_ms / 4 + node_monitor_period_ms;

export const isFlapping = (settings: KubernetesSettings): boolean =>
  settings.node_monitor_grace_ms <= leastGraceMs(settings);
