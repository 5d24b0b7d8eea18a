import type { ClusterTimers } from "./cluster-facts.ts";
import { defaultKubernetesSettings, leaseRenewalMs } from "./kubernetes-settings.ts";

/** An active LRM's round of 10 s, with its own work (facts/proxmox-ve.md 7). */
const LRM_ROUND_MS = 10_038;

/** How often the victim's lock or lease is renewed, by whose age its loss is noticed, in milliseconds. */
export function renewalPeriodMs(timers: ClusterTimers): number {
  if (timers.kind === "proxmox") return LRM_ROUND_MS;
  const { lease_duration_ms = defaultKubernetesSettings.lease_duration_ms } = timers;
  return leaseRenewalMs({ lease_duration_ms });
}
