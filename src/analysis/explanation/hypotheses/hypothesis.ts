/** One way in which a cluster may have been when values were measured on it. */
export interface Hypothesis {
  readonly name: string;
  /** Failovers by the closed formulas, in any order. */
  readonly played: readonly PlayedFailover[];
  /** What no rule gives, all trials of a study share, and comes on top: each value as likely as the others, in ms. */
  readonly constants_ms: readonly number[];
}

/** One failover at a random phase of the cluster's loops. */
export interface PlayedFailover {
  /** From the kill to where rules end: the start's task on PVE, the pod's eviction on Kubernetes. */
  readonly ruled_ms: number;
  readonly mode: string;
}

/** So many give the shares of the modes to a percent. */
const PLAYED = 2000;

/**
 * Plays failovers, whose start and reading differ by up to `unlike_ms` either way: small differences are more frequent than
 * large ones.
 */
export function playedBy(
  play: () => PlayedFailover,
  draw: () => number,
  unlike_ms: number,
): readonly PlayedFailover[] {
  return Array.from({ length: PLAYED }, () => {
    const { ruled_ms, mode } = play();
    return { ruled_ms: ruled_ms + (draw() + draw() - 1) * unlike_ms, mode };
  });
}

export const steps = (from: number, to: number, step: number): readonly number[] =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, index) => from + index * step);
