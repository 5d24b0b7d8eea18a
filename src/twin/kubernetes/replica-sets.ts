import type { Core } from "./core.ts";
import { admitPodSpec } from "./admission.ts";
import { recordEvent, referenceTo } from "./event-recorder.ts";
import { suffixFrom } from "./identifiers.ts";
import {
  controlledBy,
  controllerOf,
  isReady,
  isTerminating,
  namespaceOf,
  newMetadata,
} from "./metadata.ts";
import type { Pod, ReplicaSet, ReplicaStatus } from "./objects.ts";
import { deletePod } from "./pod-deletion.ts";
import type { Scope } from "./scope.ts";

/** Keeps as many pods as each ReplicaSet wants. A pod with a deletion stamp no longer counts: it is replaced at once. */
export function startReplicaSets(core: Core, scope: Scope): void {
  const { store } = core;
  const enqueue = scope.queue((key) => {
    const [namespace = "", name = ""] = key.split("/");
    const set = store.replicaSets.get(namespace, name);
    if (set !== undefined && !isTerminating(set)) reconcileReplicaSet(core, set);
  });
  scope.onEnd(
    store.replicaSets.subscribe(({ object }) =>
      enqueue(`${namespaceOf(object)}/${object.metadata.name}`),
    ),
  );
  scope.onEnd(
    store.pods.subscribe(({ object }) => {
      const owner = controllerOf(object);
      if (owner?.kind === "ReplicaSet") enqueue(`${namespaceOf(object)}/${owner.name}`);
    }),
  );
  for (const set of store.replicaSets.all()) enqueue(`${namespaceOf(set)}/${set.metadata.name}`);
}

export function reconcileReplicaSet(core: Core, set: ReplicaSet): void {
  const own = core.store.pods
    .all()
    .filter((pod) => controllerOf(pod)?.uid === set.metadata.uid && !isTerminating(pod));
  const wanted = set.spec.replicas ?? 1;
  for (let count = own.length; count < wanted; count++) own.push(createPod(core, set));
  // Pods that serve nobody go first.
  const surplus = own.toSorted((a, b) => Number(isReady(a)) - Number(isReady(b)));
  for (const pod of surplus.slice(0, Math.max(0, own.length - wanted))) {
    recordEvent(core, referenceTo(set), {
      reason: "SuccessfulDelete",
      message: `Deleted pod: ${pod.metadata.name}`,
      component: "replicaset-controller",
    });
    deletePod(core, pod, undefined);
  }
  writeStatus(core, set);
}

function createPod(core: Core, set: ReplicaSet): Pod {
  const { template } = set.spec;
  const namespace = namespaceOf(set);
  const pod = core.store.pods.create({
    apiVersion: "v1",
    kind: "Pod",
    metadata: newMetadata({
      name: `${set.metadata.name}-${suffixFrom(core.random)}`,
      generateName: `${set.metadata.name}-`,
      namespace,
      labels: template.metadata?.labels,
      annotations: template.metadata?.annotations,
      ownerReferences: controlledBy(set),
    }),
    spec: admitPodSpec(template.spec, core.settings.default_toleration_s),
    status: { phase: "Pending", qosClass: "BestEffort" },
  });
  recordEvent(core, referenceTo(set), {
    reason: "SuccessfulCreate",
    message: `Created pod: ${pod.metadata.name}`,
    component: "replicaset-controller",
  });
  return pod;
}

function writeStatus(core: Core, set: ReplicaSet): void {
  const current = core.store.replicaSets.get(namespaceOf(set), set.metadata.name);
  if (current === undefined) return;
  const own = core.store.pods
    .all()
    .filter((pod) => controllerOf(pod)?.uid === set.metadata.uid && !isTerminating(pod));
  const ready = own.filter(isReady).length;
  const status: ReplicaStatus = {
    replicas: own.length,
    fullyLabeledReplicas: own.length,
    readyReplicas: ready,
    availableReplicas: ready,
    observedGeneration: current.metadata.generation,
  };
  if (!sameCounts(current.status, status)) core.store.replicaSets.update({ ...current, status });
}

/** Whether a status says the same numbers; only a change is written, or a controller would wake itself for ever. */
export const sameCounts = (a: ReplicaStatus, b: ReplicaStatus): boolean =>
  a.replicas === b.replicas &&
  a.readyReplicas === b.readyReplicas &&
  a.updatedReplicas === b.updatedReplicas &&
  a.observedGeneration === b.observedGeneration;
