import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { IncomingMessage, ServerResponse } from "node:http";
import { present } from "../../../src/base/assert.ts";
import { KubernetesConnection } from "../../../src/clients/kubernetes/connection.ts";
import { readPod } from "../../../src/clients/kubernetes/pod-facts.ts";
import { nodeActs } from "../../../src/faults/kubernetes/node-acts.ts";
import { SystemClock } from "../../../src/platform/system-clock.ts";
import type { MiniCluster } from "../../clients/kubernetes/mini-api.ts";
import { json, startMiniCluster } from "../../clients/kubernetes/mini-api.ts";

const never = new AbortController().signal;
const pod = readPod({ metadata: { name: "p", namespace: "n" } });
let cluster: MiniCluster;
let connection: KubernetesConnection;

beforeAll(async () => {
  cluster = await startMiniCluster(1);
  connection = new KubernetesConnection(cluster.api, new SystemClock(), {
    resolve: async () => await Promise.resolve("token"),
  });
});
afterAll(async () => {
  await connection.close();
  await cluster.close();
});

interface Seen {
  readonly what: string;
  readonly type: string | undefined;
  readonly body: unknown;
}

/** Answers each request by its method and path, and keeps what came. */
function answering(replies: Readonly<Record<string, () => readonly [number, unknown]>>): Seen[] {
  const seen: Seen[] = [];
  const [server] = cluster.servers;
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await bodyOf(request);
    const what = `${request.method ?? ""} ${request.url ?? ""}`;
    const type = request.headers["content-type"];
    seen.push({ what, type, body: text === "" ? null : JSON.parse(text) });
    const [status, body] = replies[what]?.() ?? [404, { message: what }];
    json(response, body, status);
  };
  present(server, "a server").answer = (request, response) => void answer(request, response);
  return seen;
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

describe("nodeActs", () => {
  it("cordons by a merge patch", async () => {
    const seen = answering({ "PATCH /api/v1/nodes/w1": () => [200, {}] });
    await nodeActs(connection).setUnschedulable("w1", true, never);
    await nodeActs(connection).setUnschedulable("w1", false, never);
    expect(seen.map(({ body }) => body)).toEqual([
      { spec: { unschedulable: true } },
      { spec: { unschedulable: null } },
    ]);
    expect(seen[0]?.type).toBe("application/merge-patch+json");
  });

  it("adds its taint to those that are there, with their version, and again after a conflict", async () => {
    const versions = ["7", "8"];
    const there = [{ key: "theirs", value: "x", effect: "NoSchedule", timeAdded: "t" }];
    const results = [409, 200];
    const seen = answering({
      "GET /api/v1/nodes/w1": () => [
        200,
        { metadata: { name: "w1", resourceVersion: versions.shift() }, spec: { taints: there } },
      ],
      "PATCH /api/v1/nodes/w1": () => [results.shift() ?? 200, {}],
    });
    const taint = { key: "ours", value: "v", effect: "NoExecute" } as const;
    await nodeActs(connection).setTaint("w1", taint, true, never);
    expect(seen.at(-1)?.body).toEqual({
      metadata: { resourceVersion: "8" },
      spec: { taints: [...there, taint] },
    });
  });

  it.each([
    ["v1beta1", 201, "evicted"],
    ["v1", 429, "postponed"],
    ["v1", 404, "gone"],
  ] as const)("evicts in the API's own version %s; %i means %s", async (version, status, end) => {
    const resource = { name: "pods/eviction", group: "policy", version };
    const seen = answering({
      "GET /api/v1": () => [200, { resources: [{ name: "pods" }, resource] }],
      "POST /api/v1/namespaces/n/pods/p/eviction": () => [status, {}],
    });
    expect(await nodeActs(connection).evict(pod, never)).toBe(end);
    expect(seen.at(-1)?.body).toEqual({
      apiVersion: `policy/${version}`,
      kind: "Eviction",
      metadata: { name: "p", namespace: "n" },
    });
  });

  it("says so when the API has no evictions, and reads a minor version with a plus", async () => {
    answering({
      "GET /api/v1": () => [200, { resources: [] }],
      "GET /version": () => [200, { major: "1", minor: "20+" }],
    });
    await expect(nodeActs(connection).evict(pod, never)).rejects.toMatchObject({
      code: "rejected",
    });
    expect(await nodeActs(connection).minorVersion(never)).toBe(20);
  });
});
