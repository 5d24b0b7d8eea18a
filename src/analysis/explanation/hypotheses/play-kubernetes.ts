import type { PlayedFailover } from "./hypothesis.ts";

export interface KubernetesCase {
  readonly grace_ms: number;
  readonly period_ms: number;
  readonly toleration_ms: number;
  /** Between two renewals of the Lease. */
  readonly renewal_ms: number;
}

export const modes = {
  old: "the Lease was in the older half of its 10 s",
  young: "the Lease was in the younger half of its 10 s",
} as const;

/** A failover by the closed formula (facts/kubernetes.md 1), at a random phase of Lease and passes. `draw` is uniform in [0, 1). */
export function playKubernetes(way: KubernetesCase, draw: () => number): PlayedFailover {
  const age = way.renewal_ms * draw();
  const unseen = way.period_ms * draw();
  const lost = way.grace_ms + unseen - age;
  return {
    ruled_ms: lost + way.period_ms + way.toleration_ms,
    mode: age > way.renewal_ms / 2 ? modes.old : modes.young,
  };
}
