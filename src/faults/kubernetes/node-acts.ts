import { z } from "zod";
import { OperatingError } from "../../base/errors.ts";
import { KubernetesApiError } from "../../clients/kubernetes/api-error.ts";
import type { KubernetesConnection } from "../../clients/kubernetes/connection.ts";
import type { NodeFacts } from "../../clients/kubernetes/node-facts.ts";
import { readNode } from "../../clients/kubernetes/node-facts.ts";
import type { PodFacts } from "../../clients/kubernetes/pod-facts.ts";
import { readPod } from "../../clients/kubernetes/pod-facts.ts";
import { readList } from "../../clients/kubernetes/schema-parts.ts";
import { parse } from "../../clients/shared/parse.ts";

/** What faults ask of a cluster's API and do through it. Rejects with `OperatingError`s; every act may be repeated. */
export interface NodeActs {
  node(name: string, signal: AbortSignal): Promise<NodeFacts>;
  podsOn(node: string, signal: AbortSignal): Promise<readonly PodFacts[]>;
  setUnschedulable(node: string, unschedulable: boolean, signal: AbortSignal): Promise<void>;
  /** Sets the taint, or takes it away. */
  setTaint(node: string, taint: NewTaint, there: boolean, signal: AbortSignal): Promise<void>;
  /** Asks for an eviction, in the API version that the cluster has. `postponed`: a disruption budget forbids it now. */
  evict(pod: PodFacts, signal: AbortSignal): Promise<"evicted" | "postponed" | "gone">;
  /** Of the server: 1.20 is 20. */
  minorVersion(signal: AbortSignal): Promise<number>;
}

export interface NewTaint {
  readonly key: string;
  readonly value: string;
  readonly effect: "NoExecute";
}

const MERGE_PATCH = "application/merge-patch+json";
/** Somebody else wrote the node in between; each try starts from what is there. */
const TRIES = 5;

const taints = z.looseObject({
  metadata: z.looseObject({ resourceVersion: z.string() }),
  spec: z
    .looseObject({
      taints: z.array(z.looseObject({ key: z.string(), effect: z.string() })).nullish(),
    })
    .prefault({}),
});

const resources = z.looseObject({
  resources: z.array(
    z.looseObject({
      name: z.string(),
      group: z.string().nullish(),
      version: z.string().nullish(),
    }),
  ),
});

const serverVersion = z.looseObject({ minor: z.string() });

export function nodeActs(connection: KubernetesConnection): NodeActs {
  const get = async (path: string, signal: AbortSignal): Promise<unknown> =>
    (await connection.request({ method: "GET", path }, signal)).data;
  const patch = async (path: string, change: unknown, signal: AbortSignal): Promise<void> => {
    const body = JSON.stringify(change);
    await connection.request({ method: "PATCH", path, body, contentType: MERGE_PATCH }, signal);
  };
  return {
    node: async (name, signal) => readNode(await get(nodePath(name), signal)),
    podsOn: async (node, signal) =>
      readList(
        await get(
          `/api/v1/pods?fieldSelector=${encodeURIComponent(`spec.nodeName=${node}`)}`,
          signal,
        ),
        readPod,
      ),
    setUnschedulable: async (node, unschedulable, signal) =>
      await patch(nodePath(node), { spec: { unschedulable: unschedulable ? true : null } }, signal),
    setTaint: async (node, taint, there, signal) =>
      await againOnConflict(async () => {
        const found = parse(taints, await get(nodePath(node), signal), "a Node");
        const others = (found.spec.taints ?? []).filter(
          ({ key, effect }) => key !== taint.key || effect !== taint.effect,
        );
        // With the version that was read, so that nobody else's taint is lost.
        const { resourceVersion } = found.metadata;
        const change = {
          metadata: { resourceVersion },
          spec: { taints: there ? [...others, taint] : others },
        };
        await patch(nodePath(node), change, signal);
      }),
    evict: async (pod, signal) => await evict(connection, pod, signal),
    minorVersion: async (signal) => {
      const { minor } = parse(serverVersion, await get("/version", signal), "GET /version");
      return Number.parseInt(minor, 10);
    },
  };
}

const nodePath = (name: string): string => `/api/v1/nodes/${encodeURIComponent(name)}`;

async function evict(
  connection: KubernetesConnection,
  { namespace, name }: PodFacts,
  signal: AbortSignal,
): Promise<"evicted" | "postponed" | "gone"> {
  const body = JSON.stringify({
    apiVersion: `policy/${await evictionVersion(connection, signal)}`,
    kind: "Eviction",
    metadata: { name, namespace },
  });
  const path = `/api/v1/namespaces/${namespace}/pods/${name}/eviction`;
  try {
    await connection.request({ method: "POST", path, body }, signal);
    return "evicted";
  } catch (error) {
    if (!(error instanceof KubernetesApiError)) throw error;
    if (error.status === 404) return "gone";
    if (error.status === 429) return "postponed";
    throw error;
  }
}

/** As the core API's own list says: v1 from 1.22 on, v1beta1 before. */
async function evictionVersion(
  connection: KubernetesConnection,
  signal: AbortSignal,
): Promise<string> {
  const { data } = await connection.request({ method: "GET", path: "/api/v1" }, signal);
  const eviction = parse(resources, data, "GET /api/v1").resources.find(
    ({ name }) => name === "pods/eviction",
  );
  if (eviction?.version !== undefined && eviction.version !== null && eviction.version !== "") {
    return eviction.version;
  }
  throw new OperatingError(
    "rejected",
    "Cannot evict a pod as this cluster's API has no pods/eviction",
  );
}

async function againOnConflict(act: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await act();
      return;
    } catch (error) {
      const conflict = error instanceof KubernetesApiError && error.status === 409;
      if (!conflict || tries >= TRIES) throw error;
    }
  }
}
