import { NOT_READY, UNREACHABLE, UNSCHEDULABLE } from "./admission.ts";
import type { Core } from "./core.ts";
import { conditionOf } from "./metadata.ts";
import type { ConditionStatus, KubeNode, Taint } from "./objects.ts";
import type { Scope } from "./scope.ts";

export const taintsOf = (node: KubeNode): readonly Taint[] => node.spec.taints ?? [];

const hasTaint = (node: KubeNode, key: string, effect: Taint["effect"]): boolean =>
  taintsOf(node).some((taint) => taint.key === key && taint.effect === effect);

const without = (node: KubeNode, keys: readonly string[], effect: Taint["effect"]): Taint[] =>
  taintsOf(node).filter((taint) => taint.effect !== effect || !keys.includes(taint.key));

const withTaints = (node: KubeNode, taints: readonly Taint[]): KubeNode => ({
  ...node,
  spec: { ...node.spec, taints: taints.length === 0 ? undefined : taints },
});

/** The key of the taint that a Ready condition calls for; null when the node is Ready (again). */
function keyFor(ready: ConditionStatus | undefined): string | null {
  if (ready === "Unknown") return UNREACHABLE;
  return ready === "False" ? NOT_READY : null;
}

/**
 * Taints a node NoExecute by `condition` (null: by its condition as it is now); not-ready and unreachable exclude each
 * other.
 */
export function taintNoExecute(core: Core, name: string, condition: ConditionStatus | null): void {
  const node = core.store.nodes.get("", name);
  const key = node === undefined ? null : keyFor(condition ?? conditionOf(node, "Ready")?.status);
  if (node === undefined || key === null || hasTaint(node, key, "NoExecute")) return;
  const others = without(node, [NOT_READY, UNREACHABLE], "NoExecute");
  const taint: Taint = { key, effect: "NoExecute", timeAdded: core.stamps.seconds() };
  core.store.nodes.update(withTaints(node, [...others, taint]));
  core.tell({ kind: "taint", node: name });
}

/** Whether the node bears the very NoExecute taint that this condition calls for. */
export const isTaintedFor = (node: KubeNode, ready: "False" | "Unknown"): boolean =>
  hasTaint(node, ready === "False" ? NOT_READY : UNREACHABLE, "NoExecute");

/** markNodeAsReachable: takes both eviction taints away. */
export function removeNoExecute(core: Core, node: KubeNode): void {
  if (!hasTaint(node, NOT_READY, "NoExecute") && !hasTaint(node, UNREACHABLE, "NoExecute")) return;
  core.store.nodes.update(withTaints(node, without(node, [NOT_READY, UNREACHABLE], "NoExecute")));
  core.tell({ kind: "taint-removed", node: node.metadata.name });
}

/** Keeps the NoSchedule taints of every node in step with its conditions, at once (doNoScheduleTaintingPass). */
export function startNoScheduleTaints(core: Core, scope: Scope): void {
  const enqueue = scope.queue((name) => {
    const node = core.store.nodes.get("", name);
    if (node !== undefined) reconcile(core, node);
  });
  scope.onEnd(core.store.nodes.subscribe((event) => enqueue(event.object.metadata.name)));
  for (const node of core.store.nodes.all()) enqueue(node.metadata.name);
}

const MANAGED = [NOT_READY, UNREACHABLE, UNSCHEDULABLE] as const;

function reconcile(core: Core, node: KubeNode): void {
  const wanted: string[] = [];
  const eviction = keyFor(conditionOf(node, "Ready")?.status);
  if (eviction !== null) wanted.push(eviction);
  if (node.spec.unschedulable === true) wanted.push(UNSCHEDULABLE);
  const missing = wanted.filter((key) => !hasTaint(node, key, "NoSchedule"));
  const surplus = MANAGED.filter(
    (key) => !wanted.includes(key) && hasTaint(node, key, "NoSchedule"),
  );
  if (missing.length === 0 && surplus.length === 0) return;
  const timeAdded = core.stamps.seconds();
  const added = missing.map((key): Taint => ({ key, effect: "NoSchedule", timeAdded }));
  core.store.nodes.update(withTaints(node, [...without(node, surplus, "NoSchedule"), ...added]));
}
