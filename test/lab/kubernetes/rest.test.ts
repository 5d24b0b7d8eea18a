import { readFile } from "node:fs/promises";
import { KubeConfig, CoreV1Api, AppsV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fetch } from "undici";
import { deployDesktop, eventually, manifests, startTestLab } from "./test-lab.ts";
import type { TestLab } from "./test-lab.ts";

let lab: TestLab;
beforeAll(async () => {
  lab = await startTestLab();
});
afterAll(async () => {
  await lab.close();
});

const TABLE = { accept: "application/json;as=Table;v=v1;g=meta.k8s.io,application/json" };

const table = async (path: string) => {
  const { body } = await lab.call("GET", path, undefined, TABLE);
  const names: string[] = body.columnDefinitions.map((column: { name: string }) => column.name);
  return { names, rows: body.rows.map((row: { cells: unknown[] }) => row.cells) };
};

/** Reads events of a watch until `enough`, or the stream's end. */
async function watch(path: string, enough: (events: readonly Event[]) => boolean) {
  const controller = new AbortController();
  const response = await fetch(`${lab.server}${path}`, {
    dispatcher: lab.agent,
    signal: controller.signal,
    headers: { authorization: `Bearer ${lab.token}` },
  });
  const events: Event[] = [];
  let rest = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    rest += decoder.decode(chunk, { stream: true });
    const lines = rest.split("\n");
    rest = lines.pop() ?? "";
    events.push(...lines.map((line): Event => JSON.parse(line)));
    if (enough(events)) break;
  }
  controller.abort();
  return events;
}
interface Event {
  readonly type: string;
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into whatever came back
  readonly object: any;
}

describe("the lab's API server lets in", () => {
  test("whoever bears the token, and nobody else", async () => {
    expect((await lab.call("GET", "/api/v1/nodes")).status).toBe(200);
    const wrong = await lab.call("GET", "/api/v1/nodes", undefined, { authorization: "Bearer x" });
    expect(wrong.status).toBe(401);
    expect(wrong.body).toMatchObject({ kind: "Status", status: "Failure", reason: "Unauthorized" });
    const nobody = await fetch(`${lab.server}/api/v1/nodes`, { dispatcher: lab.agent });
    expect(nobody.status).toBe(401);
    const health = await fetch(`${lab.server}/readyz`, { dispatcher: lab.agent });
    expect(await health.text()).toBe("ok");
  });

  test("the official client with its certificate, on both control-plane nodes", async () => {
    const { auth, servers, tls } = lab.cluster.api;
    if (auth.kind !== "client-certificate" || tls.kind !== "ca") throw new Error("no certificate");
    if (auth.certificate.kind !== "file" || auth.key.kind !== "file") throw new Error("no files");
    expect(servers.map((each) => each.node)).toEqual(["cp1", "cp2"]);
    for (const { url } of servers) {
      const config = new KubeConfig();
      config.loadFromOptions({
        clusters: [{ name: "lab", server: url, caFile: tls.path }],
        users: [{ name: "admin", certFile: auth.certificate.path, keyFile: auth.key.path }],
        contexts: [{ name: "lab", cluster: "lab", user: "admin" }],
        currentContext: "lab",
      });
      const nodes = await config.makeApiClient(CoreV1Api).listNode();
      expect(nodes.items.map((node) => node.metadata?.name)).toEqual([
        "cp1",
        "cp2",
        "worker1",
        "worker2",
      ]);
      await config.makeApiClient(AppsV1Api).listDeploymentForAllNamespaces();
    }
    const uid = (await lab.call("GET", "/api/v1/namespaces/kube-system")).body.metadata.uid;
    expect(lab.cluster.identity.kube_system_uid).toBe(uid);
  });
});

describe("the lab's API server discovers", () => {
  test("its version, groups and resources", async () => {
    expect((await lab.call("GET", "/version")).body.gitVersion).toBe("v1.20.2");
    const groups = (await lab.call("GET", "/apis")).body.groups;
    expect(groups.map((group: { name: string }) => group.name)).toContain("discovery.k8s.io");
    for (const group of groups) {
      const { groupVersion } = group.preferredVersion;
      const found = await lab.call("GET", `/apis/${groupVersion}`);
      expect(found.body).toMatchObject({ kind: "APIResourceList", groupVersion });
    }
    expect((await lab.call("GET", "/apis/none.k8s.io/v1")).status).toBe(404);
    expect((await lab.call("GET", "/api/v1/unicorns")).body).toMatchObject({ code: 404 });
    expect((await lab.call("GET", "/elsewhere")).status).toBe(404);
  });
});

describe("the lab's API server stores", () => {
  test("what was created, refuses it twice, and says what is wrong with it", async () => {
    const path = "/api/v1/namespaces/default/configmaps";
    const created = await lab.call("POST", path, { metadata: { name: "one" }, data: { a: "1" } });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ kind: "ConfigMap", data: { a: "1" } });
    const twice = await lab.call("POST", path, { metadata: { name: "one" } });
    expect(twice).toMatchObject({ status: 409, body: { reason: "AlreadyExists" } });
    const nameless = await lab.call("POST", path, { data: {} });
    expect(nameless).toMatchObject({ status: 422, body: { reason: "Invalid" } });
    const badName = await lab.call("POST", path, { metadata: { name: "Not_A_Name" } });
    expect(badName.status).toBe(422);
    const generated = await lab.call("POST", path, { metadata: { generateName: "some-" } });
    expect(generated.body.metadata.name).toMatch(/^some-[a-z0-9]{5}$/);
    const nowhere = await lab.call("POST", path.replace("default", "nowhere"), {
      metadata: { name: "x" },
    });
    expect(nowhere).toMatchObject({ status: 404, body: { details: { kind: "namespaces" } } });
    expect((await lab.call("POST", path, "{ no json")).status).toBe(400);
    expect((await lab.call("POST", path, `"${"x".repeat(1 << 20)}"`)).status).toBe(413);
    expect((await lab.call("PUT", path, {})).status).toBe(405);
    const kind = await lab.call("POST", path, { kind: "Secret", metadata: { name: "x" } });
    expect(kind.status).toBe(400);
  });

  test("refuses a Deployment whose selector is not its template's, or that has no container", async () => {
    const path = "/apis/apps/v1/namespaces/default/deployments";
    const { deployment } = manifests("wrong");
    const { spec } = deployment;
    const other = await lab.call("POST", path, {
      ...deployment,
      spec: { ...spec, selector: { matchLabels: { app: "other" } } },
    });
    expect(other).toMatchObject({ status: 422, body: { reason: "Invalid" } });
    const empty = await lab.call("POST", path, {
      ...deployment,
      spec: { ...spec, template: { ...spec.template, spec: { containers: [] } } },
    });
    expect(empty.status).toBe(422);
    expect(empty.body.message).toContain("spec.template.spec.containers");
  });

  test("changes by replacement with the newest revision only, and by three kinds of patch", async () => {
    const base = "/api/v1/namespaces/default/configmaps";
    const path = `${base}/changing`;
    const { body: first } = await lab.call("POST", base, {
      metadata: { name: "changing", labels: { a: "1", b: "2" } },
      data: { x: "1" },
    });
    const put = await lab.call("PUT", path, { ...first, data: { x: "2" } });
    expect(put.body.data).toEqual({ x: "2" });
    const stale = await lab.call("PUT", path, { ...first, data: { x: "3" } });
    expect(stale).toMatchObject({ status: 409, body: { reason: "Conflict" } });
    const patch = async (type: string, body: unknown) =>
      await lab.call("PATCH", path, body, { "content-type": type });
    const merged = await patch("application/merge-patch+json", {
      metadata: { labels: { a: null, c: "3" } },
    });
    expect(merged.body.metadata.labels).toEqual({ b: "2", c: "3" });
    const stepped = await patch("application/json-patch+json", [
      { op: "test", path: "/data/x", value: "2" },
      { op: "add", path: "/data/y~1z", value: "9" },
      { op: "remove", path: "/data/x" },
    ]);
    expect(stepped.body.data).toEqual({ "y/z": "9" });
    expect(
      (await patch("application/json-patch+json", [{ op: "remove", path: "/data/none" }])).status,
    ).toBe(422);
    expect((await patch("text/plain", {})).status).toBe(415);
    const uid = await patch("application/merge-patch+json", { metadata: { uid: "other" } });
    expect(uid.body.metadata.uid).toBe(first.metadata.uid);
    const deleted = await lab.call("DELETE", path, { preconditions: { uid: "other" } });
    expect(deleted.status).toBe(409);
    expect((await lab.call("DELETE", path)).body).toMatchObject({ status: "Success" });
    expect((await lab.call("GET", path)).body).toMatchObject({ code: 404, reason: "NotFound" });
  });

  test("cordons and taints a node by strategic merge; taints have no merge key, so that their list is replaced", async () => {
    const strategic = { "content-type": "application/strategic-merge-patch+json" };
    const path = "/api/v1/nodes/cp2";
    const taints = async (): Promise<readonly { readonly key: string }[]> =>
      (await lab.call("GET", path)).body.spec.taints;
    const cordoned = await lab.call("PATCH", path, { spec: { unschedulable: true } }, strategic);
    expect(cordoned.body.spec.unschedulable).toBe(true);
    const before = await taints();
    expect(before.map(({ key }) => key)).toEqual([
      "node-role.kubernetes.io/master",
      "node.kubernetes.io/unschedulable",
    ]);
    const own = { key: "test", value: "yes", effect: "PreferNoSchedule" };
    const tainted = await lab.call(
      "PATCH",
      path,
      { spec: { taints: [...before, own] } },
      strategic,
    );
    expect(tainted.body.spec.taints).toHaveLength(3);
    const healed = await lab.call(
      "PATCH",
      path,
      { spec: { unschedulable: null, taints: before.slice(0, 1) } },
      strategic,
    );
    expect(healed.body.spec.unschedulable).toBeUndefined();
    expect((await taints()).map(({ key }) => key)).toEqual(["node-role.kubernetes.io/master"]);
  });
});

describe("the lab's API server lists", () => {
  test("by labels, by fields, and in pages", async () => {
    const names = async (query: string) => {
      const { body } = await lab.call("GET", `/api/v1/pods?${query}`);
      return body.items.map((pod: { metadata: { name: string } }) => pod.metadata.name);
    };
    const all = await names("");
    expect(all.length).toBe(12);
    expect(await names("labelSelector=component%3Detcd")).toEqual(["etcd-cp1", "etcd-cp2"]);
    expect(await names("labelSelector=component+in+(etcd,x),tier,!old")).toHaveLength(2);
    expect(await names("labelSelector=component!%3Detcd")).toHaveLength(10);
    expect(await names("fieldSelector=spec.nodeName%3Dworker1")).toHaveLength(1);
    expect(await names("fieldSelector=metadata.name%3Detcd-cp1")).toEqual(["etcd-cp1"]);
    expect((await lab.call("GET", "/api/v1/pods?labelSelector=%3D%3D")).status).toBe(400);
    const page = (await lab.call("GET", "/api/v1/pods?limit=5")).body;
    expect(page.items).toHaveLength(5);
    expect(page.metadata.remainingItemCount).toBe(7);
    const rest = (await lab.call("GET", `/api/v1/pods?continue=${page.metadata.continue}`)).body;
    expect(rest.items).toHaveLength(7);
    expect((await lab.call("GET", "/api/v1/pods?continue=nonsense")).status).toBe(400);
    expect((await lab.call("GET", "/api/v1/pods?resourceVersion=99999999")).status).toBe(400);
  });

  test("as tables with kubectl's columns", async () => {
    const nodes = await table("/api/v1/nodes");
    expect(nodes.names.slice(0, 5)).toEqual(["Name", "Status", "Roles", "Age", "Version"]);
    expect(nodes.rows.map((row: unknown[]) => row.slice(0, 3))).toEqual([
      ["cp1", "Ready", "control-plane,master"],
      ["cp2", "Ready", "control-plane,master"],
      ["worker1", "Ready", "<none>"],
      ["worker2", "Ready", "<none>"],
    ]);
    const pods = await table("/api/v1/namespaces/kube-system/pods");
    expect(pods.names.slice(0, 5)).toEqual(["Name", "Ready", "Status", "Restarts", "Age"]);
    expect(pods.rows[0].slice(1, 4)).toEqual(["1/1", "Running", 0]);
    for (const path of [
      "/api/v1/namespaces",
      "/api/v1/services",
      "/api/v1/events",
      "/apis/events.k8s.io/v1/events",
      "/apis/apps/v1/deployments",
      "/apis/apps/v1/replicasets",
      "/apis/apps/v1/daemonsets",
      "/apis/networking.k8s.io/v1/ingresses",
      "/apis/discovery.k8s.io/v1beta1/endpointslices",
      "/apis/coordination.k8s.io/v1/leases",
    ]) {
      expect((await table(path)).names.length).toBeGreaterThan(1);
    }
  });

  test("the kubelet's lease duration and the controller-manager's flags", async () => {
    const { body } = await lab.call("GET", "/api/v1/nodes/worker1/proxy/configz");
    expect(body.kubeletconfig.nodeLeaseDurationSeconds).toBe(40);
    const pod = await lab.call(
      "GET",
      "/api/v1/namespaces/kube-system/pods/kube-controller-manager-cp1",
    );
    expect(pod.body.spec.containers[0].command).toContain("--node-monitor-grace-period=40000ms");
  });
});

describe("the lab's API server watches", () => {
  test("from a revision on, for each change exactly once", async () => {
    const { body } = await lab.call("GET", "/api/v1/namespaces/default/configmaps");
    const { resourceVersion } = body.metadata;
    const path = "/api/v1/namespaces/default/configmaps";
    const events = watch(
      `${path}?watch=true&resourceVersion=${resourceVersion}&fieldSelector=metadata.name%3Dwatched`,
      (seen) => seen.some((event) => event.type === "DELETED"),
    );
    await lab.call("POST", path, { metadata: { name: "watched" } });
    await lab.call("POST", path, { metadata: { name: "unwatched" } });
    const merge = { "content-type": "application/merge-patch+json" };
    await lab.call("PATCH", `${path}/watched`, { data: { a: "1" } }, merge);
    await lab.call("DELETE", `${path}/watched`);
    const seen = await events;
    expect(seen.map((event) => event.type)).toEqual(["ADDED", "MODIFIED", "DELETED"]);
    const revisions = seen.map((event) => Number(event.object.metadata.resourceVersion));
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
  });

  test("everything first where no revision is given, lease renewals as they come, and ends in time", async () => {
    const path = "/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases";
    const events = await watch(
      `${path}?watch=1&timeoutSeconds=40&allowWatchBookmarks=true`,
      () => false,
    );
    expect(events.slice(0, 4).map((event) => event.type)).toEqual(Array(4).fill("ADDED"));
    const renewals = events.filter((event) => event.type === "MODIFIED");
    expect(renewals.length).toBeGreaterThanOrEqual(12);
    expect(events.at(-1)?.type).toBe("BOOKMARK");
  });

  test("no further back than its history reaches: 410 Gone, for a page token too", async () => {
    const path = "/api/v1/namespaces/default/configmaps";
    await lab.call("POST", path, { metadata: { name: "busy" } });
    const first = (await lab.call("GET", `${path}?limit=1`)).body.metadata;
    const merge = { "content-type": "application/merge-patch+json" };
    for (let batch = 0; batch < 26; batch++) {
      const changes = Array.from({ length: 40 }, async (_, index) => {
        await lab.call("PATCH", `${path}/busy`, { data: { n: `${batch}.${index}` } }, merge);
      });
      await Promise.all(changes);
    }
    const revision: string = first.resourceVersion;
    const events = await watch(`${path}?watch=true&resourceVersion=${revision}`, () => false);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject({ type: "ERROR", object: { code: 410, reason: "Expired" } });
    const page = await lab.call("GET", `${path}?continue=${first.continue}`);
    expect(page).toMatchObject({ status: 410, body: { reason: "Expired" } });
  });

  test("tells a selected object that leaves its selection as deleted", async () => {
    const path = "/api/v1/namespaces/default/configmaps";
    const events = watch(`${path}?watch=true&labelSelector=on%3Dyes`, (seen) => seen.length === 2);
    await lab.call("POST", path, { metadata: { name: "moody", labels: { on: "yes" } } });
    const merge = { "content-type": "application/merge-patch+json" };
    await lab.call("PATCH", `${path}/moody`, { metadata: { labels: { on: "no" } } }, merge);
    expect((await events).map((event) => event.type)).toEqual(["ADDED", "DELETED"]);
  });
});

describe("the lab's cluster", () => {
  test("runs a deployed desktop, drops the pods of a deleted Deployment and empties its namespace", async () => {
    await deployDesktop(lab, "short", "probe");
    const ready = await eventually(
      async () => (await lab.call("GET", "/api/v1/namespaces/short/pods")).body.items,
      (pods) =>
        pods[0]?.status.conditions?.some(
          (each: { type: string; status: string }) =>
            each.type === "Ready" && each.status === "True",
        ) === true,
    );
    const [pod] = ready;
    expect(pod.spec.nodeName).toMatch(/^worker/);
    const scaled = await lab.call(
      "PATCH",
      "/apis/apps/v1/namespaces/short/deployments/probe/scale",
      { spec: { replicas: 2 } },
      { "content-type": "application/merge-patch+json" },
    );
    expect(scaled.body.spec.replicas).toBe(2);
    await eventually(
      async () => (await lab.call("GET", "/apis/apps/v1/namespaces/short/deployments/probe")).body,
      (deployment) => deployment.status.readyReplicas === 2,
    );
    const evicted = await lab.call(
      "POST",
      `/api/v1/namespaces/short/pods/${pod.metadata.name}/eviction`,
      { apiVersion: "policy/v1beta1", kind: "Eviction", metadata: { name: pod.metadata.name } },
    );
    expect(evicted.status).toBe(201);
    await lab.call("DELETE", "/apis/apps/v1/namespaces/short/deployments/probe", {
      propagationPolicy: "Foreground",
    });
    await eventually(
      async () => (await lab.call("GET", "/api/v1/namespaces/short/pods")).body.items.length,
      (count) => count === 0,
    );
    await eventually(
      async () =>
        (await lab.call("GET", "/apis/apps/v1/namespaces/short/deployments/probe")).status,
      (status) => status === 404,
    );
    expect((await lab.call("DELETE", "/api/v1/namespaces/short")).body.status.phase).toBe(
      "Terminating",
    );
    await eventually(
      async () => (await lab.call("GET", "/api/v1/namespaces/short")).status,
      (status) => status === 404,
    );
    expect((await lab.call("DELETE", "/api/v1/namespaces/kube-system")).status).toBe(403);
  });

  test("keeps its secrets readable for the owner only", async () => {
    const { stat } = await import("node:fs/promises");
    for (const file of ["api-token", "client.pem", "client-key.pem", "kubeconfig", "ssh-key"]) {
      const { mode } = await stat(`${lab.directory}/k8s/${file}`);
      expect(mode & 0o777).toBe(0o600);
    }
    const kubeconfig = await readFile(`${lab.directory}/k8s/kubeconfig`, "utf8");
    expect(kubeconfig).not.toContain(lab.token);
  });
});
