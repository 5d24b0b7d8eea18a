import { defaultKubernetesSettings, leaseRenewalMs } from "../../../model/kubernetes-settings.ts";
import { secondsOf } from "../in-words.ts";
import type { Telling } from "./in-words.ts";
import { modes } from "./play-kubernetes.ts";

const { node_monitor_period_ms, default_toleration_s } = defaultKubernetesSettings;

const whys: Readonly<Record<string, string>> = {
  [modes.old]:
    "the victim's Lease was 5 to 10 s old at the kill, and the grace period counts from its renewal, so that much of it had passed. The wait is the rest of the grace period",
  [modes.young]:
    "the victim's Lease had been renewed in the 5 s before the kill, so that nearly the whole grace period was still to come, and up to one monitor pass more. The wait is the grace period",
};

export const kubernetesTelling = (toleration_s: number | null): Telling => ({
  modeWhy: (mode) => whys[mode] ?? mode,
  constant: "from the eviction to answering,",
  changes:
    "the age of the victim's Lease at the kill (up to 10 s), the phase of the controller-manager's passes (up to 5 s), node-monitor-grace-period, node-monitor-period (one pass to see the renewal, one more to evict), tolerationSeconds, and the start of the container, with its image pull where the image is absent",
  toLog:
    "the age of the victim's Lease, when the node was Unknown, tainted and its pod deleted, when the container ran and was ready, and the controller-manager's grace and period",
  assumed: [
    `a toleration of ${toleration_s ?? default_toleration_s} s, monitor passes ${secondsOf(node_monitor_period_ms)} apart, a Lease renewed every ${secondsOf(leaseRenewalMs(defaultKubernetesSettings))}`,
    "from the eviction to answering took the same in all trials: 1.5 to 10 s with the image on the node, up to 60 s with a pull, each value as likely as the others",
  ],
});
