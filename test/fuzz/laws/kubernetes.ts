import { equal } from "node:assert/strict";
import * as fc from "fast-check";
import { Agent, fetch, Response } from "undici";
import { KubernetesConnection } from "../../../src/clients/kubernetes/connection.ts";
import { readLease } from "../../../src/clients/kubernetes/lease-facts.ts";
import type { Sighting } from "../../../src/clients/kubernetes/list-and-watch.ts";
import { listAndWatch } from "../../../src/clients/kubernetes/list-and-watch.ts";
import { readNode } from "../../../src/clients/kubernetes/node-facts.ts";
import { readPod } from "../../../src/clients/kubernetes/pod-facts.ts";
import { readList } from "../../../src/clients/kubernetes/schema-parts.ts";
import { readSlice } from "../../../src/clients/kubernetes/slice-facts.ts";
import { typedApi } from "../../../src/clients/kubernetes/typed-api.ts";
import type { Wire } from "../../../src/clients/kubernetes/wire.ts";
import { jsonOf } from "../../../src/clients/shared/response-body.ts";
import { clockBut } from "../../support/clock-but.ts";
import { changed, changes, cutAt, places } from "../support/bytes.ts";
import type { Wrapping } from "../support/http.ts";
import { wrapped, wrapping } from "../support/http.ts";
import { changedJson, jsonChanges } from "../support/json.ts";
import { memoryConnect } from "../support/memory-socket.ts";
import { valueOrOperatingError } from "../support/outcome.ts";
import { law } from "../support/run.ts";

const metadata = (name: string) => ({
  name,
  namespace: "desktops",
  uid: "0c6c0b0e-6f0f-4a52-9c5b-4a1d2a3b4c5d",
  resourceVersion: "812",
  labels: { app: "desktop" },
  annotations: { "blackout/run": "r1" },
  ownerReferences: [{ apiVersion: "apps/v1", kind: "ReplicaSet", name: "d", uid: "1" }],
});
const since = "2026-11-22T03:50:22Z";
const ready = { type: "Ready", status: "True", lastTransitionTime: since, reason: "KubeletReady" };
const node = {
  metadata: metadata("w1"),
  spec: { taints: [{ key: "node.kubernetes.io/unreachable", effect: "NoExecute" }] },
  status: { conditions: [ready], addresses: [{ type: "InternalIP", address: "10.0.0.7" }] },
};
const pod = {
  metadata: metadata("d-1"),
  spec: {
    nodeName: "w1",
    tolerations: [
      { key: "node.kubernetes.io/unreachable", effect: "NoExecute", tolerationSeconds: 30 },
    ],
  },
  status: {
    phase: "Running",
    conditions: [ready, { ...ready, type: "PodScheduled" }],
    containerStatuses: [{ name: "d", state: { running: { startedAt: since } } }],
  },
};
const slice = {
  metadata: metadata("d-abc"),
  endpoints: [{ conditions: { ready: true }, targetRef: { name: "d-1" }, nodeName: "w1" }],
};
const lease = {
  metadata: metadata("w1"),
  spec: { renewTime: "2026-11-22T03:50:22.123456Z", leaseDurationSeconds: 40 },
};
const objects = [node, pod, slice, lease];
const listed = (items: readonly unknown[]) => ({ metadata: { resourceVersion: "900" }, items });
const status = { kind: "Status", code: 410, reason: "Expired", message: "too old" };
const readers = [readNode, readPod, readSlice, readLease];
const bodies: readonly unknown[] = [...objects, listed(objects), status, { gitVersion: "v1.31.0" }];

const server = { url: "https://api.invalid", node: null };
/** Pauses between two tries take no time, but let others run. */
const clock = clockBut({
  sleep: async (_duration, signal) => {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
    signal.throwIfAborted();
  },
});
const connectionOver = (wire: Wire): KubernetesConnection =>
  new KubernetesConnection(
    {
      servers: [server],
      auth: { kind: "token", token: { kind: "env", name: "TOKEN" } },
      tls: { kind: "insecure" },
    },
    clock,
    { resolve: async () => "x" },
    wire,
  );

/** Requests over HTTP, but in memory. */
function httpWire(body: string, how: Wrapping): Wire {
  const connect = memoryConnect(() => wrapped({ status: 200, body }, how));
  const agent = new Agent({ connect });
  return {
    fetch: async (host, call, signal) =>
      await fetch(`${host.url}${call.path}`, { dispatcher: agent, redirect: "manual", signal }),
    drop: () => undefined,
    close: async () => await agent.destroy(),
  };
}

/** A good list for each that is asked, and what `pieces` says for each watch. */
function watchWire(list: string, pieces: readonly Buffer[]): Wire {
  return {
    fetch: async (_host, call) =>
      await Promise.resolve(
        new Response(
          call.path.includes("watch=true")
            ? new ReadableStream<Uint8Array>({
                start: (controller) => {
                  for (const piece of pieces) controller.enqueue(piece);
                  controller.close();
                },
              })
            : list,
        ),
      ),
    drop: () => undefined,
    close: async () => await Promise.resolve(),
  };
}

const events = [
  ...objects.flatMap((object) =>
    ["ADDED", "MODIFIED", "DELETED"].map((type) => ({ type, object })),
  ),
  { type: "BOOKMARK", object: { metadata: { resourceVersion: "950" } } },
  { type: "ERROR", object: status },
];

/** Follows until so much was seen, or the watch has ended twice. */
async function followed(wire: Wire): Promise<readonly Sighting[]> {
  const connection = connectionOver(wire);
  const seen: Sighting[] = [];
  const enough = new AbortController();
  let lists = 0;
  const collection = { path: "/api/v1/pods", query: "", checked: false };
  const watched = (async () => {
    for await (const sighting of listAndWatch(connection, collection, enough.signal)) {
      seen.push(sighting);
      if (sighting.kind === "listed") lists += 1;
      if (lists === 2 || seen.length === 40) break;
    }
  })();
  try {
    await watched;
  } finally {
    enough.abort();
    await connection.close();
  }
  return seen;
}

export const kubernetesLaws = [
  law({
    says: "a changed object is read as every kind, or refused by an operating error",
    share: 7,
    input: fc.record({ body: fc.constantFrom(...bodies), list: jsonChanges }),
    holds: async ({ body, list }) => {
      const data = jsonOf(changedJson(body, list));
      for (const read of readers) {
        await valueOrOperatingError(async () => await Promise.resolve(read(data)));
        await valueOrOperatingError(
          async () => await Promise.resolve(readList<unknown>(data, read)),
        );
      }
    },
  }),
  law({
    says: "a changed HTTP reply is an answer or an operating error, for the library's calls too",
    share: 1,
    input: fc.record({ body: fc.constantFrom(...bodies), list: jsonChanges, how: wrapping }),
    holds: async ({ body, list, how }) => {
      const connection = connectionOver(httpWire(changedJson(body, list), how));
      const { signal } = new AbortController();
      const { core } = await typedApi(connection, signal);
      try {
        await valueOrOperatingError(
          async () => await connection.request({ method: "GET", path: "/x" }, signal),
        );
        await valueOrOperatingError(
          async () => await core.readNamespacedPod({ name: "d-1", namespace: "desktops" }),
        );
        await valueOrOperatingError(async () => await core.listNode());
      } finally {
        await connection.close();
      }
    },
  }),
  law({
    says: "whatever a watch says, it is told, or listed anew with a reason",
    share: 2,
    input: fc.record({
      lines: fc.array(fc.tuple(fc.constantFrom<unknown>(...events), jsonChanges), { maxLength: 5 }),
      list: changes(2),
      cuts: places,
    }),
    holds: async ({ lines, list, cuts }) => {
      const text = lines.map(([event, each]) => `${changedJson(event, each)}\n`).join("");
      const pieces = cutAt(changed(Buffer.from(text), list), cuts);
      const wire = watchWire(JSON.stringify(listed([pod])), pieces);
      // Only what a person has to put right ends it, as a server may say by a status in the watch.
      const outcome = await valueOrOperatingError(async () => await followed(wire));
      if (Array.isArray(outcome)) equal((outcome[0] as Sighting).kind, "listed");
    },
  }),
];
