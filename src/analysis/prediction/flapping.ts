import type { KubernetesSettings } from "../../model/kubernetes-settings.ts";
import { leaseRenewalMs } from "../../model/kubernetes-settings.ts";

/**
 * A heartbeat may be as old as a renewal of the Lease and a pass of the monitor before the next one is seen: a grace period
 * that is no longer takes healthy nodes for lost, and there is nothing to predict.
 */
const leastGraceMs = (
  settings: Pick<KubernetesSettings, "lease_duration_ms" | "node_monitor_period_ms">,
): number => leaseRenewalMs(settings) + settings.node_monitor_period_ms;

/** Why there is nothing to predict; null: there is. */
export const whyFlapping = (settings: KubernetesSettings): string | null =>
  settings.node_monitor_grace_ms <= leastGraceMs(settings)
    ? `a node-monitor-grace-period of ${settings.node_monitor_grace_ms} ms takes healthy nodes for lost: with these leases and this monitor period it must be longer than ${leastGraceMs(settings)} ms`
    : null;
