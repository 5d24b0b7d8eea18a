import { defaultKubernetesSettings, leaseRenewalMs } from "../../../model/kubernetes-settings.ts";
import { drawsOf } from "../../draws.ts";
import type { Hypothesis } from "./hypothesis.ts";
import { playedBy, steps } from "./hypothesis.ts";
import { playKubernetes } from "./play-kubernetes.ts";

/** `--node-monitor-grace-period`: by default 40 s, 50 s in newer releases (kubernetes #127352). */
const GRACES_MS = [40_000, 50_000] as const;

/** From the eviction to answering: scheduling, container, desktop, readiness, endpoints; without and with an image pull. */
const starts = [
  { name: "image on the node", constants_ms: steps(1500, 10_000, 250) },
  { name: "image pulled", constants_ms: steps(10_250, 60_000, 250) },
] as const;

/** Every combination of what bare values leave open; the toleration is the arm's own, null the cluster's default. */
export function kubernetesHypotheses(
  toleration_s: number | null,
  seed: number,
  unlike_ms: number,
): readonly Hypothesis[] {
  const { default_toleration_s, node_monitor_period_ms } = defaultKubernetesSettings;
  return GRACES_MS.flatMap((grace_ms) => {
    const draw = drawsOf(seed, `grace ${grace_ms}`);
    const way = {
      grace_ms,
      period_ms: node_monitor_period_ms,
      toleration_ms: (toleration_s ?? default_toleration_s) * 1000,
      renewal_ms: leaseRenewalMs(defaultKubernetesSettings),
    };
    const played = playedBy(() => playKubernetes(way, draw), draw, unlike_ms);
    return starts.map(({ name, constants_ms }) => ({
      name: `node-monitor-grace-period ${grace_ms / 1000} s, ${name}`,
      played,
      constants_ms,
    }));
  });
}
