import { admitPodSpec } from "../../../twin/kubernetes/admission.ts";
import { emptyBudget } from "../../../twin/kubernetes/disruption-budget.ts";
import type { KubernetesTwin } from "../../../twin/kubernetes/kubernetes-twin.ts";
import { matchesSelector } from "../../../twin/kubernetes/label-selector.ts";
import type { Deployment, ReplicaSet } from "../../../twin/kubernetes/objects.ts";
import { newEventView } from "./event-view.ts";
import type { Resource, ResourceNames } from "./resource.ts";
import { defineResource } from "./resource.ts";
import { schemas } from "./schemas.ts";
import { admitService } from "./service-admission.ts";
import { invalid } from "./status-error.ts";

/** Everything that this API serves, in order of discovery. */
export const createResources = (twin: KubernetesTwin): readonly Resource[] => [
  ...coreResources(twin),
  ...groupedResources(twin),
];

function coreResources(twin: KubernetesTwin): readonly Resource[] {
  const { store, settings } = twin;

  return [
    defineResource(
      core("Namespace", "namespaces", ["ns"], { subresources: ["finalize", "status"] }),
      store.namespaces,
      { schema: schemas.namespace },
    ),
    defineResource(
      core("Node", "nodes", ["no"], { subresources: ["proxy", "status"] }),
      store.nodes,
      { schema: schemas.node },
    ),
    defineResource(
      core("Pod", "pods", ["po"], {
        namespaced: true,
        subresources: ["binding", "eviction", "log", "status"],
      }),
      store.pods,
      {
        schema: schemas.pod,
        admit: (pod, previous) =>
          previous === null
            ? {
                ...pod,
                spec: admitPodSpec(pod.spec, settings.default_toleration_s),
                status: { phase: "Pending", qosClass: "BestEffort" },
              }
            : pod,
      },
    ),
    defineResource(
      core("Service", "services", ["svc"], { namespaced: true, subresources: ["status"] }),
      store.services,
      {
        schema: schemas.service,
        admit: (service, previous) => admitService(store, service, previous),
      },
    ),
    defineResource(
      core("Event", "events", ["ev"], { namespaced: true, categories: [] }),
      store.events,
      { schema: schemas.event },
    ),
    defineResource(
      core("ConfigMap", "configmaps", ["cm"], { namespaced: true, categories: [] }),
      store.configMaps,
      { schema: schemas.plain },
    ),
  ];
}

function groupedResources(twin: KubernetesTwin): readonly Resource[] {
  const { store } = twin;
  return [
    defineResource(
      apps("Deployment", "deployments", ["deploy"], ["scale", "status"]),
      store.deployments,
      {
        schema: schemas.replicated,
        admit: (object) => admitReplicated(object),
      },
    ),
    defineResource(
      apps("ReplicaSet", "replicasets", ["rs"], ["scale", "status"]),
      store.replicaSets,
      {
        schema: schemas.replicated,
        admit: (object) => admitReplicated(object),
      },
    ),
    defineResource(apps("DaemonSet", "daemonsets", ["ds"], ["status"]), store.daemonSets, {
      schema: schemas.plain,
    }),
    defineResource(
      { ...grouped("coordination.k8s.io", "v1", "Lease", "leases"), createdByReplace: true },
      store.leases,
      { schema: schemas.lease },
    ),
    defineResource(
      grouped("discovery.k8s.io", "v1beta1", "EndpointSlice", "endpointslices"),
      store.endpointSlices,
      { schema: schemas.endpointSlice },
    ),
    defineResource(
      { ...grouped("events.k8s.io", "v1", "Event", "events"), shortNames: ["ev"] },
      store.events,
      {
        schema: schemas.event,
        view: newEventView,
      },
    ),
    defineResource(
      {
        ...grouped("networking.k8s.io", "v1", "Ingress", "ingresses"),
        shortNames: ["ing"],
        subresources: ["status"],
      },
      store.ingresses,
      { schema: schemas.ingress },
    ),
    defineResource(
      {
        ...grouped("policy", "v1beta1", "PodDisruptionBudget", "poddisruptionbudgets"),
        shortNames: ["pdb"],
        subresources: ["status"],
      },
      store.podDisruptionBudgets,
      {
        schema: schemas.podDisruptionBudget,
        admit: (budget, previous) =>
          previous === null ? { ...budget, status: emptyBudget } : budget,
      },
    ),
  ];
}

const core = (
  kind: string,
  plural: string,
  shortNames: readonly string[],
  more: Partial<ResourceNames>,
): ResourceNames => ({
  group: "",
  version: "v1",
  kind,
  plural,
  shortNames,
  namespaced: false,
  subresources: [],
  categories: more.namespaced === true ? ["all"] : [],
  createdByReplace: false,
  ...more,
});

const grouped = (group: string, version: string, kind: string, plural: string): ResourceNames => ({
  group,
  version,
  kind,
  plural,
  shortNames: [],
  namespaced: true,
  subresources: [],
  categories: [],
  createdByReplace: false,
});

const apps = (
  kind: string,
  plural: string,
  shortNames: readonly string[],
  subresources: readonly string[],
): ResourceNames => ({
  ...grouped("apps", "v1", kind, plural),
  shortNames,
  subresources,
  categories: ["all"],
});

/** A selector that does not select its own pods would make pods for ever. */
function admitReplicated<T extends Deployment | ReplicaSet>(object: T): T {
  const { selector, template } = object.spec;
  const wanted =
    Object.keys(selector.matchLabels ?? {}).length + (selector.matchExpressions ?? []).length;
  if (wanted > 0 && matchesSelector(selector, template.metadata?.labels)) return object;
  throw invalid(`${object.kind}.apps`, object.metadata.name, [
    {
      field: "spec.template.metadata.labels",
      message: "Invalid value: `selector` does not match template `labels`",
    },
  ]);
}

export const groupVersionOf = (resource: ResourceNames): string =>
  resource.group === "" ? resource.version : `${resource.group}/${resource.version}`;
