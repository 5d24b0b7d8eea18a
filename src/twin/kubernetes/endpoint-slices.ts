import type { Core } from "./core.ts";
import { referenceTo } from "./event-recorder.ts";
import { suffixFrom } from "./identifiers.ts";
import { matchesLabels } from "./label-selector.ts";
import {
  controlledBy,
  controllerOf,
  isReady,
  isTerminating,
  namespaceOf,
  newMetadata,
} from "./metadata.ts";
import type { Endpoint, EndpointSlice, Pod, Service, ServicePort } from "./objects.ts";
import type { Scope } from "./scope.ts";

const HOSTNAME = "kubernetes.io/hostname";

/** One EndpointSlice for each Service with a selector: the addresses of its pods, and which of them are ready. */
export function startEndpointSlices(core: Core, scope: Scope): void {
  const { store } = core;
  const enqueue = scope.queue((key) => {
    const [namespace = "", name = ""] = key.split("/");
    const service = store.services.get(namespace, name);
    if (service?.spec.selector !== undefined && !isTerminating(service)) {
      reconcileEndpointSlice(core, service);
    }
  });
  const enqueueFor = (pod: Pod): void => {
    for (const service of store.services.all()) {
      if (selects(service, pod)) enqueue(`${namespaceOf(service)}/${service.metadata.name}`);
    }
  };
  scope.onEnd(
    store.services.subscribe(({ object }) =>
      enqueue(`${namespaceOf(object)}/${object.metadata.name}`),
    ),
  );
  scope.onEnd(
    store.pods.subscribe(({ object, previous }) => {
      enqueueFor(object);
      if (previous !== null && previous.metadata.labels !== object.metadata.labels) {
        enqueueFor(previous);
      }
    }),
  );
  for (const each of store.services.all()) enqueue(`${namespaceOf(each)}/${each.metadata.name}`);
}

const selects = (service: Service, pod: Pod): boolean =>
  service.spec.selector !== undefined &&
  namespaceOf(service) === namespaceOf(pod) &&
  matchesLabels(service.spec.selector, pod.metadata.labels);

export function reconcileEndpointSlice(core: Core, service: Service): void {
  const pods = core.store.pods
    .all()
    .filter(
      (pod) => selects(service, pod) && !isTerminating(pod) && pod.status.podIP !== undefined,
    );
  const endpoints = pods.map(endpointOf);
  const ports = (service.spec.ports ?? []).map((port) => ({
    name: port.name ?? "",
    port: targetPort(port, pods[0]),
    protocol: port.protocol ?? "TCP",
  }));
  const existing = core.store.endpointSlices
    .all()
    .find((slice) => controllerOf(slice)?.uid === service.metadata.uid);
  if (existing === undefined) createSlice(core, service, { endpoints, ports });
  else if (!isSame(existing, { endpoints, ports })) {
    core.store.endpointSlices.update({ ...existing, endpoints, ports });
  }
}

const endpointOf = (pod: Pod): Endpoint => ({
  addresses: [pod.status.podIP ?? ""],
  conditions: { ready: isReady(pod) },
  targetRef: referenceTo(pod),
  topology: { [HOSTNAME]: pod.spec.nodeName ?? "" },
});

/** A target port may be a number, or the name of a port of the pod's containers. */
function targetPort(port: ServicePort, pod: Pod | undefined): number {
  const target = port.targetPort ?? port.port;
  if (typeof target === "number") return target;
  const named = pod?.spec.containers
    .flatMap((container) => container.ports ?? [])
    .find((each) => each.name === target);
  return named?.containerPort ?? port.port;
}

function createSlice(core: Core, service: Service, content: Content): void {
  core.store.endpointSlices.create({
    apiVersion: "discovery.k8s.io/v1beta1",
    kind: "EndpointSlice",
    metadata: newMetadata({
      name: `${service.metadata.name}-${suffixFrom(core.random)}`,
      generateName: `${service.metadata.name}-`,
      namespace: namespaceOf(service),
      generation: 1,
      labels: {
        ...service.metadata.labels,
        "kubernetes.io/service-name": service.metadata.name,
        "endpointslice.kubernetes.io/managed-by": "endpointslice-controller.k8s.io",
      },
      ownerReferences: controlledBy(service),
    }),
    addressType: "IPv4",
    ...content,
  });
}

type Content = Pick<EndpointSlice, "endpoints" | "ports">;

const isSame = (a: Content, b: Content): boolean =>
  areSame(a.endpoints, b.endpoints, isSameEndpoint) && areSame(a.ports, b.ports, isSamePort);

const areSame = <T>(
  a: readonly T[],
  b: readonly T[],
  isSameOne: (a: T, b: T) => boolean,
): boolean =>
  a.length === b.length &&
  a.every((each, index) => {
    const other = b[index];
    return other !== undefined && isSameOne(each, other);
  });

const isSameEndpoint = (a: Endpoint, b: Endpoint): boolean =>
  a.targetRef.uid === b.targetRef.uid &&
  a.addresses[0] === b.addresses[0] &&
  a.conditions.ready === b.conditions.ready &&
  a.topology[HOSTNAME] === b.topology[HOSTNAME];

type Port = Content["ports"][number];

const isSamePort = (a: Port, b: Port): boolean =>
  a.name === b.name && a.port === b.port && a.protocol === b.protocol;
