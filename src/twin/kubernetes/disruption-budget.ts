import { matchesSelector } from "./label-selector.ts";
import { namespaceOf } from "./metadata.ts";
import type { KubeObject, LabelSelector, Labels, Pod } from "./objects.ts";

/** `2`, or `50%`. */
export type Amount = number | string;

export interface PodDisruptionBudget extends KubeObject {
  readonly spec: {
    readonly minAvailable?: Amount | undefined;
    readonly maxUnavailable?: Amount | undefined;
    readonly selector?: LabelSelector | undefined;
    readonly [field: string]: unknown;
  };
  readonly status: BudgetStatus;
}

export interface BudgetStatus {
  readonly disruptionsAllowed: number;
  readonly currentHealthy: number;
  readonly desiredHealthy: number;
  readonly expectedPods: number;
  readonly observedGeneration?: number | undefined;
  /** Pods that an eviction was granted for, by name, with its stamp: they no longer count as healthy. */
  readonly disruptedPods?: Labels | undefined;
}

export const emptyBudget: BudgetStatus = {
  disruptionsAllowed: 0,
  currentHealthy: 0,
  desiredHealthy: 0,
  expectedPods: 0,
};

/** An empty selector selects nothing (eviction.go, getPodDisruptionBudgets). */
export function isCovered(budget: PodDisruptionBudget, pod: Pod): boolean {
  const { selector = {} } = budget.spec;
  const isEmpty =
    Object.keys(selector.matchLabels ?? {}).length === 0 &&
    (selector.matchExpressions ?? []).length === 0;
  return (
    !isEmpty &&
    namespaceOf(budget) === namespaceOf(pod) &&
    matchesSelector(selector, pod.metadata.labels)
  );
}
