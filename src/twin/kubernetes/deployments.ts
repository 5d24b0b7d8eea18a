import type { Core } from "./core.ts";
import { recordEvent, referenceTo } from "./event-recorder.ts";
import { controlledBy, controllerOf, isTerminating, namespaceOf, newMetadata } from "./metadata.ts";
import type { Condition, Deployment, PodTemplate, ReplicaSet, ReplicaStatus } from "./objects.ts";
import { sameCounts } from "./replica-sets.ts";
import type { Scope } from "./scope.ts";
import { templateHash } from "./template-hash.ts";

const REVISION = "deployment.kubernetes.io/revision";

/** Keeps one ReplicaSet per pod template; a new template's set takes over as soon as its pods are ready. */
export function startDeployments(core: Core, scope: Scope): void {
  const { store } = core;
  const enqueue = scope.queue((key) => {
    const [namespace = "", name = ""] = key.split("/");
    const deployment = store.deployments.get(namespace, name);
    if (deployment !== undefined && !isTerminating(deployment)) {
      reconcileDeployment(core, deployment);
    }
  });
  scope.onEnd(
    store.deployments.subscribe(({ object }) =>
      enqueue(`${namespaceOf(object)}/${object.metadata.name}`),
    ),
  );
  scope.onEnd(
    store.replicaSets.subscribe(({ object }) => {
      const owner = controllerOf(object);
      if (owner?.kind === "Deployment") enqueue(`${namespaceOf(object)}/${owner.name}`);
    }),
  );
  for (const each of store.deployments.all()) enqueue(`${namespaceOf(each)}/${each.metadata.name}`);
}

export function reconcileDeployment(core: Core, deployment: Deployment): void {
  const own = ownSets(core, deployment);
  const hash = templateHash(deployment.spec.template);
  const name = `${deployment.metadata.name}-${hash}`;
  const wanted = deployment.spec.replicas ?? 1;
  const newest =
    own.find((set) => set.metadata.name === name) ??
    createSet(core, deployment, { name, hash, number: own.length + 1 });
  scale(core, deployment, newest, wanted);
  if ((newest.status.readyReplicas ?? 0) >= wanted) {
    for (const set of own)
      if (set.metadata.uid !== newest.metadata.uid) scale(core, deployment, set, 0);
  }
  writeStatus(core, deployment, newest);
}

const ownSets = (core: Core, deployment: Deployment): readonly ReplicaSet[] =>
  core.store.replicaSets.all().filter((set) => controllerOf(set)?.uid === deployment.metadata.uid);

function createSet(
  core: Core,
  deployment: Deployment,
  given: { readonly name: string; readonly hash: string; readonly number: number },
): ReplicaSet {
  const label = { "pod-template-hash": given.hash };
  const { template, selector } = deployment.spec;
  const labelled: PodTemplate = {
    ...template,
    metadata: { ...template.metadata, labels: { ...template.metadata?.labels, ...label } },
  };
  return core.store.replicaSets.create({
    apiVersion: "apps/v1",
    kind: "ReplicaSet",
    metadata: newMetadata({
      name: given.name,
      namespace: namespaceOf(deployment),
      generation: 1,
      labels: labelled.metadata?.labels,
      annotations: { [REVISION]: String(given.number) },
      ownerReferences: controlledBy(deployment),
    }),
    spec: {
      replicas: 0,
      selector: { ...selector, matchLabels: { ...selector.matchLabels, ...label } },
      template: labelled,
    },
    status: { replicas: 0 },
  });
}

function scale(core: Core, deployment: Deployment, set: ReplicaSet, replicas: number): void {
  const before = set.spec.replicas ?? 1;
  if (before === replicas) return;
  core.store.replicaSets.update({
    ...set,
    metadata: { ...set.metadata, generation: (set.metadata.generation ?? 1) + 1 },
    spec: { ...set.spec, replicas },
  });
  recordEvent(core, referenceTo(deployment), {
    reason: "ScalingReplicaSet",
    message: `Scaled ${replicas > before ? "up" : "down"} replica set ${set.metadata.name} to ${replicas}`,
    component: "deployment-controller",
  });
}

function writeStatus(core: Core, deployment: Deployment, newest: ReplicaSet): void {
  const sets = ownSets(core, deployment);
  const count = (read: (status: ReplicaStatus) => number | undefined): number =>
    sets.reduce((total, set) => total + (read(set.status) ?? 0), 0);
  const updated = core.store.replicaSets.get(namespaceOf(newest), newest.metadata.name)?.status;
  const ready = count((status) => status.readyReplicas);
  const wanted = deployment.spec.replicas ?? 1;
  const status: ReplicaStatus = {
    observedGeneration: deployment.metadata.generation,
    replicas: count((each) => each.replicas),
    updatedReplicas: updated?.replicas ?? 0,
    readyReplicas: ready,
    availableReplicas: ready,
    unavailableReplicas: ready >= wanted ? undefined : wanted - ready,
    conditions: conditionsOf(deployment, ready >= wanted, core.stamps.seconds()),
  };
  if (sameCounts(deployment.status, status)) return;
  core.store.deployments.update({ ...deployment, status });
}

function conditionsOf(deployment: Deployment, available: boolean, stamp: string): Condition[] {
  const condition = (type: string, isTrue: boolean, reason: string): Condition => {
    const before = deployment.status.conditions?.find((each) => each.type === type);
    const status = isTrue ? "True" : "False";
    const lastTransitionTime = before?.status === status ? before.lastTransitionTime : stamp;
    return { type, status, reason, message: reason, lastUpdateTime: stamp, lastTransitionTime };
  };
  return [
    condition(
      "Available",
      available,
      available ? "MinimumReplicasAvailable" : "MinimumReplicasUnavailable",
    ),
    condition("Progressing", true, available ? "NewReplicaSetAvailable" : "ReplicaSetUpdated"),
  ];
}
