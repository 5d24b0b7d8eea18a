import { DateTime } from "luxon";
import type { Core } from "./core.ts";
import type { Amount, BudgetStatus, PodDisruptionBudget } from "./disruption-budget.ts";
import { isCovered } from "./disruption-budget.ts";
import { controllerOf, isReady, isTerminating, namespaceOf } from "./metadata.ts";
import type { Labels, Pod } from "./objects.ts";
import type { Scope } from "./scope.ts";

/** A pod that was to be evicted and is still there counts again after this (disruption.go, `DeletionTimeout`). */
const DELETION_TIMEOUT_S = 120;

/** Keeps in each budget's status how many of its pods may go (pkg/controller/disruption). */
export function startDisruptionBudgets(core: Core, scope: Scope): void {
  const { podDisruptionBudgets: budgets, pods } = core.store;
  const enqueue = scope.queue((key) => {
    const [namespace = "", name = ""] = key.split("/");
    const budget = budgets.get(namespace, name);
    if (budget !== undefined) reconcile(core, budget);
  });
  const look = (budget: PodDisruptionBudget): void =>
    enqueue(`${namespaceOf(budget)}/${budget.metadata.name}`);
  scope.onEnd(budgets.subscribe(({ object }) => look(object)));
  scope.onEnd(
    pods.subscribe(({ object }) => {
      if (budgets.size === 0) return;
      for (const budget of budgets.all()) if (isCovered(budget, object)) look(budget);
    }),
  );
  for (const budget of budgets.all()) look(budget);
}

function reconcile(core: Core, budget: PodDisruptionBudget): void {
  const pods = core.store.pods.all().filter((pod) => isCovered(budget, pod));
  const disruptedPods = stillDisrupted(core, budget, pods);
  const currentHealthy = pods.filter(
    (pod) => !isTerminating(pod) && isReady(pod) && disruptedPods[pod.metadata.name] === undefined,
  ).length;
  const { expectedPods, desiredHealthy } = wanted(core, budget, pods);
  const status: BudgetStatus = {
    disruptionsAllowed: expectedPods > 0 ? Math.max(0, currentHealthy - desiredHealthy) : 0,
    currentHealthy,
    desiredHealthy,
    expectedPods,
    observedGeneration: budget.metadata.generation,
    ...(Object.keys(disruptedPods).length > 0 && { disruptedPods }),
  };
  if (JSON.stringify(status) === JSON.stringify(budget.status)) return;
  core.store.podDisruptionBudgets.update({ ...budget, status });
}

/** Of those that were to be evicted, the ones whose deletion is yet to be seen. */
function stillDisrupted(core: Core, budget: PodDisruptionBudget, pods: readonly Pod[]): Labels {
  const now = DateTime.fromISO(core.stamps.seconds());
  const present = new Set(
    pods.filter((pod) => !isTerminating(pod)).map((pod) => pod.metadata.name),
  );
  return Object.fromEntries(
    Object.entries(budget.status.disruptedPods ?? {}).filter(
      ([name, stamp]) =>
        present.has(name) && DateTime.fromISO(stamp).plus({ seconds: DELETION_TIMEOUT_S }) > now,
    ),
  );
}

/** getExpectedPodCount. */
function wanted(
  core: Core,
  { spec }: PodDisruptionBudget,
  pods: readonly Pod[],
): Pick<BudgetStatus, "expectedPods" | "desiredHealthy"> {
  const { minAvailable, maxUnavailable } = spec;
  const expectedPods = scaleOf(core, pods);
  if (maxUnavailable !== undefined) {
    const desiredHealthy = Math.max(0, expectedPods - scaled(maxUnavailable, expectedPods));
    return { expectedPods, desiredHealthy };
  }
  if (minAvailable === undefined) return { expectedPods: 0, desiredHealthy: 0 };
  return typeof minAvailable === "number"
    ? { expectedPods: pods.length, desiredHealthy: minAvailable }
    : { expectedPods, desiredHealthy: scaled(minAvailable, expectedPods) };
}

const scaled = (amount: Amount, whole: number): number =>
  typeof amount === "number" ? amount : Math.ceil((Number.parseInt(amount, 10) * whole) / 100);

/** What the controllers of these pods want altogether. */
function scaleOf({ store }: Core, pods: readonly Pod[]): number {
  const scales = new Map<string, number>();
  for (const pod of pods) {
    const owner = controllerOf(pod);
    const set = store.replicaSets.get(namespaceOf(pod), owner?.name ?? "");
    if (set === undefined) continue;
    const above = store.deployments.get(namespaceOf(pod), controllerOf(set)?.name ?? "");
    const { metadata, spec } = above ?? set;
    scales.set(metadata.uid, spec.replicas ?? 1);
  }
  return [...scales.values()].reduce((total, each) => total + each, 0);
}
