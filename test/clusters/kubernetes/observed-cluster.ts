import type { DurationRange, RangeMs } from "../../../src/base/interval.ts";
import { rangeInMs } from "../../../src/base/interval.ts";
import { instantInMs } from "../../../src/base/time.ts";
import type { Duration } from "../../../src/base/time.ts";
import { KubernetesConnection } from "../../../src/clients/kubernetes/connection.ts";
import { observeDesktop } from "../../../src/clusters/kubernetes/observe.ts";
import type { KubernetesHandle } from "../../../src/clusters/kubernetes/naming.ts";
import type { ControlPlaneEvent } from "../../../src/model/cluster-facts.ts";
import type { ApiHost } from "../../../src/model/inventory.ts";
import { VirtualApi } from "../../clients/kubernetes/virtual-api.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const NODES = "/api/v1/nodes";
export const PODS = "/api/v1/namespaces/blackout/pods";
const SLICES = "/apis/discovery.k8s.io/v1/namespaces/blackout/endpointslices";

export interface Scene {
  readonly clock: VirtualClock;
  readonly api: VirtualApi;
  readonly servers: readonly ApiHost[];
  readonly connection: KubernetesConnection;
  readonly events: ControlPlaneEvent[];
  /** When each of them was told, in milliseconds. */
  readonly toldAt: number[];
  /** How long pods took that came while it was observed, in milliseconds. */
  readonly starts: RangeMs[];
  /** Runs `act` at that moment of virtual time. */
  readonly after: (delay: Duration, act: () => void) => void;
  /** Observes for so long, with `w1` as the victim. */
  readonly observe: (lasting: Duration) => Promise<void>;
}

/** A desktop on `w1`, observed through that many API servers, which say on which node they are only if told to. */
export function observedCluster(count: number, options = { nodesKnown: false }): Scene {
  const clock = new VirtualClock();
  const api = new VirtualApi(clock);
  const servers = Array.from({ length: count }, (_, index) => ({
    url: `https://cp${index + 1}:6443`,
    node: options.nodesKnown ? `cp${index + 1}` : null,
  }));
  const connection = new KubernetesConnection(
    {
      servers,
      auth: { kind: "token", token: { kind: "env", name: "X" } },
      tls: { kind: "insecure" },
    },
    clock,
    { resolve: async () => await Promise.resolve("") },
    api,
  );
  const events: ControlPlaneEvent[] = [];
  const toldAt: number[] = [];
  const starts: RangeMs[] = [];
  setReady(api, "w1", "True");
  setReady(api, "w2", "True");
  setPod(api, "old", "w1");
  const handle: KubernetesHandle = {
    kind: "kubernetes",
    namespace: "blackout",
    owns_namespace: true,
    reach: "ingress",
    name: "blackout-1",
    mark: "m",
  };
  return {
    clock,
    api,
    servers,
    connection,
    events,
    toldAt,
    starts,
    after: (delay, act) => clock.queue.after(delay, act),
    observe: async (lasting) => {
      const stop = new AbortController();
      clock.queue.after(lasting, () => stop.abort(new Error("enough")));
      const watching = {
        victim: () => "w1",
        onEvent: (event: ControlPlaneEvent) => {
          events.push(event);
          toldAt.push(instantInMs(clock.now()));
        },
        onStart: (took: DurationRange) => starts.push(rangeInMs(took)),
        onRenewal: () => undefined,
        sliceVersion: "v1",
      };
      await clock.runUntilSettled(observeDesktop(connection, handle, watching, stop.signal), 1e6);
      await connection.close();
    },
  };
}

export const setReady = (
  api: VirtualApi,
  name: string,
  status: string,
  taints: readonly object[] = [],
): void =>
  api.put(NODES, name, { spec: { taints }, status: { conditions: [{ type: "Ready", status }] } });

export const setPod = (
  api: VirtualApi,
  name: string,
  node: string | null,
  more: object = {},
): void => api.put(PODS, name, { spec: { nodeName: node }, status: { phase: "Running" }, ...more });

export const setSlice = (api: VirtualApi, pod: string): void =>
  api.put(SLICES, "slice", {
    endpoints: [{ targetRef: { name: pod }, conditions: { ready: true } }],
  });

export const gapsOf = (events: readonly ControlPlaneEvent[]): readonly ControlPlaneEvent[] =>
  events.filter(({ kind }) => kind === "observation-gap");
