import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { TestLab } from "./test-lab.ts";
import { deployDesktop, eventually, startTestLab } from "./test-lab.ts";

let lab: TestLab;
beforeEach(async () => {
  lab = await startTestLab();
  await deployDesktop(lab, "desk", "probe");
  await readyPods(1);
});
afterEach(async () => {
  await lab.close();
});

const PODS = "/api/v1/namespaces/desk/pods";
const MERGE = { "content-type": "application/merge-patch+json" };

interface Seen {
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly nodeName: string };
  readonly status: {
    readonly conditions: readonly { readonly type: string; readonly status: string }[];
  };
}

const living = async (): Promise<readonly Seen[]> =>
  (await lab.call("GET", PODS)).body.items.filter(
    (pod: Seen) => pod.metadata.deletionTimestamp === undefined,
  );

const isReady = (pod: Seen): boolean =>
  pod.status.conditions.some(({ type, status }) => type === "Ready" && status === "True");

async function readyPods(count: number): Promise<readonly Seen[]> {
  return await eventually(
    async () => (await living()).filter((pod) => isReady(pod)),
    (pods) => pods.length === count,
  );
}

const evict = async (pod: string, more: object = {}, query = "") =>
  await lab.call("POST", `${PODS}/${pod}/eviction${query}`, {
    apiVersion: "policy/v1beta1",
    kind: "Eviction",
    metadata: { name: pod, namespace: "desk" },
    ...more,
  });

describe("an eviction through the lab's API", () => {
  test("deletes a pod that no budget covers, which starts elsewhere on a cordoned node's account", async () => {
    const [pod] = await living();
    if (pod === undefined) throw new Error("no pod");
    const node = `/api/v1/nodes/${pod.spec.nodeName}`;
    await lab.call("PATCH", node, { spec: { unschedulable: true } }, MERGE);
    const evicted = await evict(pod.metadata.name);
    expect(evicted).toMatchObject({ status: 201, body: { kind: "Status", status: "Success" } });
    const [next] = await readyPods(1);
    expect(next?.spec.nodeName).not.toBe(pod.spec.nodeName);
    await eventually(
      async () => (await lab.call("GET", `${PODS}/${pod.metadata.name}`)).status,
      (status) => status === 404,
    );
  });

  test("is refused where its words are wrong: name, version, pod, UID", async () => {
    const [pod] = await living();
    const name = pod?.metadata.name ?? "";
    const other = await evict(name, { metadata: { name: "other" } });
    expect(other).toMatchObject({ status: 400, body: { reason: "BadRequest" } });
    expect(other.body.message).toBe("name in URL does not match name in Eviction object");
    const newer = await evict(name, { apiVersion: "policy/v1" });
    expect(newer.status).toBe(400);
    expect(newer.body.message).toContain(
      'no kind "Eviction" is registered for version "policy/v1"',
    );
    expect((await evict("nobody")).status).toBe(404);
    const stranger = await evict(name, { deleteOptions: { preconditions: { uid: "other" } } });
    expect(stranger).toMatchObject({ status: 409, body: { reason: "Conflict" } });
    expect((await lab.call("GET", `${PODS}/${name}/eviction`)).status).toBe(405);
    for (const tried of [
      await evict(name, {}, "?dryRun=All"),
      await evict(name, { deleteOptions: { dryRun: ["All"] } }),
    ]) {
      expect(tried.status).toBe(201);
    }
    expect((await living()).map((each) => each.metadata.name)).toEqual([name]);
  });
});

describe("a taint through the lab's API", () => {
  test("out-of-service evicts at once what does not tolerate it; a list of taints is replaced as a whole", async () => {
    const [pod] = await living();
    const node = pod?.spec.nodeName ?? "";
    const taint = {
      key: "node.kubernetes.io/out-of-service",
      value: "nodeshutdown",
      effect: "NoExecute",
    };
    const strategic = { "content-type": "application/strategic-merge-patch+json" };
    const path = `/api/v1/nodes/${node}`;
    await lab.call("PATCH", path, { spec: { taints: [taint] } }, strategic);
    const [next] = await readyPods(1);
    expect(next?.spec.nodeName).not.toBe(node);
    const other = { key: "other", effect: "NoSchedule" };
    const replaced = await lab.call("PATCH", path, { spec: { taints: [other] } }, strategic);
    expect(replaced.body.spec.taints).toEqual([other]);
  });
});
