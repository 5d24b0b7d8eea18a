import { milliseconds } from "../../base/time.ts";
import type { Core } from "./core.ts";
import { recordEvent, referenceTo } from "./event-recorder.ts";
import { matchesExpression, matchesLabels } from "./label-selector.ts";
import { conditionOf, isTerminating, namespaceOf, withConditions } from "./metadata.ts";
import { taintsOf } from "./node-taints.ts";
import type { KubeNode, NodeSelectorTerm, Pod } from "./objects.ts";
import type { Scope } from "./scope.ts";
import { toleratesAll } from "./tolerations.ts";

/** Binds each new pod to a node that it tolerates and selects: the most preferred, then the emptiest, then by lot. */
export function startScheduler(core: Core, scope: Scope): void {
  const { store, settings } = core;
  const waiting = new Set<string>();

  const attempt = (key: string): void => {
    waiting.delete(key);
    const [namespace = "", name = ""] = key.split("/");
    const pod = store.pods.get(namespace, name);
    if (pod === undefined || pod.spec.nodeName !== undefined || isTerminating(pod)) return;
    if (!core.apiIsUp()) return;
    const node = chooseNode(core, pod);
    if (node === null) sayUnschedulable(core, pod);
    else bindPod(core, pod, node);
  };
  const consider = (pod: Pod): void => {
    const key = `${namespaceOf(pod)}/${pod.metadata.name}`;
    if (pod.spec.nodeName !== undefined || waiting.has(key)) return;
    waiting.add(key);
    scope.after(milliseconds(settings.assumed.schedule_ms), () => attempt(key));
  };
  const considerAll = scope.queue(() => {
    for (const pod of store.pods.all()) consider(pod);
  });

  scope.onEnd(
    store.pods.subscribe(({ type, object }) => {
      if (type === "ADDED") consider(object);
    }),
  );
  // A node that changed its taints, its labels or its being there may take what no other could.
  scope.onEnd(
    store.nodes.subscribe(({ object, previous }) => {
      if (object.spec !== previous?.spec || object.metadata.labels !== previous.metadata.labels) {
        considerAll("all");
      }
    }),
  );
  considerAll("all");
}

/** The binding as the API server writes it. */
export function bindPod(core: Core, pod: Pod, node: string): void {
  const scheduled = {
    type: "PodScheduled",
    status: "True",
    lastProbeTime: null,
    lastTransitionTime: core.stamps.seconds(),
  } as const;
  core.store.pods.update({
    ...pod,
    spec: { ...pod.spec, nodeName: node },
    status: {
      ...pod.status,
      phase: "Pending",
      conditions: withConditions(pod.status.conditions, [scheduled]),
    },
  });
  recordEvent(core, referenceTo(pod), {
    reason: "Scheduled",
    message: `Successfully assigned ${namespaceOf(pod)}/${pod.metadata.name} to ${node}`,
    component: "default-scheduler",
  });
  core.tell({ kind: "pod-scheduled", pod: pod.metadata.name, node });
}

function chooseNode(core: Core, pod: Pod): string | null {
  const load = new Map<string, number>();
  for (const { spec } of core.store.pods.all()) {
    if (spec.nodeName !== undefined) load.set(spec.nodeName, (load.get(spec.nodeName) ?? 0) + 1);
  }
  let best: { readonly name: string; readonly score: number } | null = null;
  for (const node of core.store.nodes.all()) {
    if (!fits(pod, node)) continue;
    const { name } = node.metadata;
    const score = 1e6 * preference(pod, node) - (load.get(name) ?? 0) + core.random.next() / 2;
    if (best === null || score > best.score) best = { name, score };
  }
  return best?.name ?? null;
}

function fits(pod: Pod, node: KubeNode): boolean {
  const blocking = taintsOf(node).filter((taint) => taint.effect !== "PreferNoSchedule");
  if (!toleratesAll(pod.spec.tolerations ?? [], blocking)) return false;
  if (!matchesLabels(pod.spec.nodeSelector, node.metadata.labels)) return false;
  const terms =
    pod.spec.affinity?.nodeAffinity?.requiredDuringSchedulingIgnoredDuringExecution
      ?.nodeSelectorTerms;
  return terms === undefined || terms.some((term) => matchesTerm(term, node));
}

const matchesTerm = (term: NodeSelectorTerm, node: KubeNode): boolean =>
  (term.matchExpressions ?? []).every((each) => matchesExpression(each, node.metadata.labels));

const preference = (pod: Pod, node: KubeNode): number =>
  (pod.spec.affinity?.nodeAffinity?.preferredDuringSchedulingIgnoredDuringExecution ?? []).reduce(
    (total, each) => total + (matchesTerm(each.preference, node) ? each.weight : 0),
    0,
  );

function sayUnschedulable(core: Core, pod: Pod): void {
  if (conditionOf(pod, "PodScheduled")?.status === "False") return;
  const count = core.store.nodes.all().length;
  const message = `0/${count} nodes are available: ${count} node(s) had taints or labels that the pod does not match.`;
  const condition = {
    type: "PodScheduled",
    status: "False",
    reason: "Unschedulable",
    message,
    lastTransitionTime: core.stamps.seconds(),
  } as const;
  core.store.pods.update({
    ...pod,
    status: { ...pod.status, conditions: withConditions(pod.status.conditions, [condition]) },
  });
  recordEvent(core, referenceTo(pod), {
    type: "Warning",
    reason: "FailedScheduling",
    message,
    component: "default-scheduler",
  });
}
