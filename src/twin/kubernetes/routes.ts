import { milliseconds } from "../../base/time.ts";
import type { Core } from "./core.ts";
import type { EndpointSlice } from "./objects.ts";

/** A pod that traffic of a service is sent to. */
export interface Backend {
  readonly ip: string;
  readonly port: number;
  readonly pod: string;
  readonly node: string;
}

/** What ingress and kube-proxies know: the ready endpoints of each service, a propagation delay behind the API. */
export class Routes {
  readonly #core: Core;
  readonly #slices = new Map<string, EndpointSlice>();

  constructor(core: Core) {
    this.#core = core;
    for (const slice of core.store.endpointSlices.all()) this.#slices.set(keyOf(slice), slice);
    const delay = milliseconds(core.settings.assumed.endpoint_propagation_ms);
    core.store.endpointSlices.subscribe(({ type, object }) => {
      core.scheduler.after(delay, () => this.#learn(type === "DELETED" ? null : object, object));
    });
  }

  /** Ready pods of a service's port, given by number or name as the Service has it; null: there is no such port. */
  backends(namespace: string, service: string, port: number | string): readonly Backend[] | null {
    const ports = this.#core.store.services.get(namespace, service)?.spec.ports ?? [];
    const wanted = ports.find((each) => each.port === port || each.name === port);
    if (wanted === undefined) return null;
    const slice = this.#slices.get(`${namespace}/${service}`);
    const target = slice?.ports.find((each) => each.name === (wanted.name ?? ""));
    if (slice === undefined || target === undefined) return [];
    return readyEndpoints(slice).map((endpoint) => ({
      ip: endpoint.addresses[0] ?? "",
      port: target.port,
      pod: endpoint.targetRef.name,
      node: endpoint.topology["kubernetes.io/hostname"] ?? "",
    }));
  }

  #learn(slice: EndpointSlice | null, about: EndpointSlice): void {
    const { namespace, service } = subjectOf(about);
    const key = keyOf(about);
    const before = podsOf(this.#slices.get(key));
    if (slice === null) this.#slices.delete(key);
    else this.#slices.set(key, slice);
    const pods = podsOf(slice ?? undefined);
    if (pods.join() !== before.join()) {
      this.#core.tell({ kind: "endpoint", namespace, service, pods });
    }
  }
}

const subjectOf = ({ metadata }: EndpointSlice): { namespace: string; service: string } => ({
  namespace: metadata.namespace ?? "",
  service: metadata.labels?.["kubernetes.io/service-name"] ?? "",
});

function keyOf(slice: EndpointSlice): string {
  const { namespace, service } = subjectOf(slice);
  return `${namespace}/${service}`;
}

const readyEndpoints = (slice: EndpointSlice): EndpointSlice["endpoints"] =>
  slice.endpoints.filter((endpoint) => endpoint.conditions.ready);

const podsOf = (slice: EndpointSlice | undefined): readonly string[] =>
  slice === undefined ? [] : readyEndpoints(slice).map((endpoint) => endpoint.targetRef.name);
