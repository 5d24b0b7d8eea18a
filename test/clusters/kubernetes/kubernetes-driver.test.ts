import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { spanInMs } from "../../../src/base/interval.ts";
import { exactly } from "../../../src/base/interval.ts";
import { seconds } from "../../../src/base/time.ts";
import { createKubernetesDriver } from "../../../src/clusters/kubernetes/kubernetes-driver.ts";
import { deploymentFor } from "../../../src/clusters/kubernetes/manifests.ts";
import { objectPaths } from "../../../src/clusters/kubernetes/object-paths.ts";
import { createFault } from "../../../src/faults/create-fault.ts";
import type { ControlPlaneEvent, NodeHealth } from "../../../src/model/cluster-facts.ts";
import type { Scene } from "./lab-scene.ts";
import { desktop, request, secrets, startScene } from "./lab-scene.ts";
import type { Taker } from "./lock-bench.ts";
import { taker } from "./lock-bench.ts";

const never = new AbortController().signal;
let scene: Scene;
beforeEach(async () => {
  scene = await startScene(60);
});
afterEach(async () => {
  await scene.close();
});

/** Waits for a state of the lab, at most so many lab seconds. */
async function eventually(check: () => Promise<boolean> | boolean, limit = 300): Promise<void> {
  const end = scene.clock.timeout(seconds(limit));
  while (!(await check())) {
    if (end.aborted) throw new Error("it did not come about");
    await scene.clock.sleep(seconds(1), never);
  }
}

/** One pod of which none may go, as somebody else's. */
async function makeBudgetedPod(make: Taker["make"]): Promise<void> {
  const metadata = { name: "single" };
  const labels = { app: "single" };
  const selector = { matchLabels: labels };
  const template = { metadata: { labels }, spec: { containers: [{ name: "a", image: "a" }] } };
  await make("/apis/apps/v1/namespaces/default/deployments", {
    metadata,
    spec: { replicas: 1, selector, template },
  });
  await make("/apis/policy/v1beta1/namespaces/default/poddisruptionbudgets", {
    metadata,
    spec: { minAvailable: 1, selector },
  });
}

describe("the Kubernetes driver against the lab", () => {
  it("knows the cluster, its health, and that it is ready", async () => {
    const identity = await scene.driver.identify(never);
    expect(identity.fingerprint).toBe(scene.cluster.identity.kube_system_uid);
    expect(identity.version).toMatch(/^v1\.20/u);
    const health = await scene.driver.health(never);
    expect(health.problems).toEqual([]);
    expect(health.quorum).toMatchObject({ quorate: true, expected_votes: 2, needed_votes: 2 });
    expect(health.nodes.filter(({ schedulable }) => schedulable)).toHaveLength(2);
    expect(health.nodes.flatMap(({ workloads }) => workloads)).toEqual([]);
  });

  it("sees a whole failover, in order, and leaves the cluster as it was", async () => {
    const { driver, clock } = scene;
    const handle = await driver.prepare(request("run/t1"), never);
    expect(handle).toMatchObject({ kind: "kubernetes", owns_namespace: true });
    const first = await driver.deploy(handle, request("run/t1"), never);
    expect(await driver.whereabouts(handle, never)).toEqual(first);
    const victim = first.node ?? "";
    const events: ControlPlaneEvent[] = [];
    const stop = new AbortController();
    const watching = driver.observe(
      handle,
      { victim: () => victim, onEvent: (event) => events.push(event) },
      stop.signal,
    );
    await clock.sleep(seconds(25), never);
    const timers = await driver.timers(handle, victim, never);
    expect(timers).toMatchObject({
      kind: "kubernetes",
      toleration_s: 1,
      settings_by: "cluster",
      lease_duration_ms: 40_000,
    });
    const [low, high] = timers.kind === "kubernetes" ? (timers.lease_age_ms ?? [-1, -1]) : [-1, -1];
    // The lab's desktop needs 4 s to start, and is probed within a second.
    const start = timers.kind === "kubernetes" ? timers.start_ms : null;
    expect(start?.[0]).toBeLessThan(5000);
    expect(start?.[1]).toBeGreaterThan(4000);
    expect(low).toBeGreaterThanOrEqual(0);
    expect(high).toBeLessThan(13_000);

    const fault = createFault(
      { kind: "power", action: "off", over: "ipmi" },
      { cluster: scene.cluster, clock, secrets },
    );
    expect(await fault.check(victim, never)).toEqual([]);
    driver.avoid(victim);
    const requested = exactly(clock.now());
    await fault.inject({ victim, desktop: handle }, never);
    const proof = await fault.confirm(
      { victim, desktop: handle },
      requested,
      clock.timeout(seconds(120)),
    );
    await eventually(() => events.some(({ kind }) => kind === "endpoint-ready"));
    const second = await driver.whereabouts(handle, never);
    expect(second.node).not.toBe(victim);
    expect(second.instance).not.toBe(first.instance);
    const order = ["node-lost", "fencing-started", "fenced", "node-chosen", "instance-started"];
    const kinds = events.map(({ kind }) => kind);
    for (const kind of [...order, "endpoint-ready"]) expect(kinds).toContain(kind);
    const at = (kind: string): number =>
      events.find((event) => event.kind === kind)?.observed_ms[1] ?? 0;
    for (let index = 1; index < order.length; index++) {
      expect(at(order[index] ?? "")).toBeGreaterThanOrEqual(at(order[index - 1] ?? ""));
    }
    // 30 to 45 s after the kill, by the lease's age; the scaled machine's own work comes on top.
    const [died] = spanInMs(proof.gone);
    expect(at("node-lost") - died).toBeGreaterThan(29_000);
    expect(at("node-lost") - died).toBeLessThan(60_000);

    await fault.heal(victim, never);
    driver.avoid(null);
    await eventually(() => events.some(({ kind }) => kind === "node-returned"));
    await eventually(async () => (await driver.health(never)).problems.length === 0);
    stop.abort();
    await watching;
    await driver.remove(handle, never);
    await driver.remove(handle, never);
    expect((await driver.health(never)).nodes.flatMap(({ workloads }) => workloads)).toEqual([]);
    expect(await driver.prepare(request("x"), never)).toMatchObject({ owns_namespace: true });
  });

  it("goes on observing when the API server that it watches goes away", async () => {
    const { driver, clock, lab } = scene;
    const handle = await driver.prepare(request("run/t2"), never);
    const { node } = await driver.deploy(handle, request("run/t2"), never);
    const events: ControlPlaneEvent[] = [];
    const stop = new AbortController();
    const watching = driver.observe(
      handle,
      { victim: () => node, onEvent: (event) => events.push(event) },
      stop.signal,
    );
    await clock.sleep(seconds(10), never);
    for (const { node: host } of scene.cluster.api.servers.slice(0, 1)) {
      await lab.control({ part: "api", node: host, working: false });
    }
    await eventually(() => events.some(({ kind }) => kind === "observation-gap"), 60);
    const victim = scene.cluster.nodes.find(({ name }) => name === node);
    const fault = createFault(
      { kind: "power", action: "off", over: "ipmi" },
      { cluster: scene.cluster, clock, secrets },
    );
    await fault.inject({ victim: victim?.name ?? "", desktop: handle }, never);
    await eventually(() => events.some(({ kind }) => kind === "endpoint-ready"));
    expect(events.map(({ kind }) => kind)).toContain("node-lost");
    stop.abort();
    await watching;
  });

  it("reaches the desktop by ingress, NodePort or the user's own URL", async () => {
    const { driver } = scene;
    const spec = { ...desktop, reach: { kind: "node-port" } as const };
    const handle = await driver.prepare(request("run/t3", spec), never);
    const { node } = await driver.deploy(handle, request("run/t3", spec), never);
    const endpoint = await driver.endpoint(handle, spec, node, never);
    if (endpoint.kind !== "novnc") throw new Error("not noVNC");
    const { hostname, port, pathname } = new URL(endpoint.page_url);
    const way = scene.cluster.nodes.find(({ address }) => address === hostname);
    expect(way?.name).not.toBe(node);
    expect(Number(port)).toBeGreaterThanOrEqual(30_000);
    expect(pathname).toBe("/vnc.html");
    const url = { kind: "url", url: "https://{service}.{namespace}.example/a" } as const;
    expect(await driver.endpoint(handle, { ...desktop, reach: url }, node, never)).toMatchObject({
      websocket_url: `wss://${handle.kind === "kubernetes" ? handle.name : ""}.blackout-test.example/a/websockify`,
    });
    expect(await driver.endpoint(handle, desktop, node, never)).toMatchObject({
      page_url: `${scene.cluster.ingress_url}/vnc.html`,
    });
  });

  it("tells the machines below the nodes, and which budgets the loss of one would break", async () => {
    const { driver } = scene;
    const { make, close } = taker(scene);
    const { nodes } = await driver.health(never);
    expect(nodes.map(({ machine }) => machine.addresses)).toEqual(
      scene.cluster.nodes.map(({ address }) => [address]),
    );
    for (const { machine } of nodes) {
      expect(machine.boot_id).toMatch(/^[0-9a-f-]{36}$/u);
      expect(machine.machine_id).toMatch(/^[0-9a-f]{32}$/u);
    }
    await makeBudgetedPod(make);
    const broken = async (): Promise<readonly NodeHealth[]> =>
      (await driver.health(never)).nodes.filter(({ budgets }) => budgets.length > 0);
    await eventually(async () => (await broken()).length > 0);
    const [node] = await broken();
    expect(node?.budgets).toEqual([
      `budget default/single allows 0 disruptions, and 1 of its pods is on ${node?.name}`,
    ]);
    await close();
  });

  it("deletes nothing that does not bear its mark", async () => {
    const { driver } = scene;
    const handle = await driver.prepare(request("run/t4"), never);
    const place = await driver.deploy(handle, request("run/t4"), never);
    await driver
      .remove({ ...handle, mark: "another" }, scene.clock.timeout(seconds(40)))
      .catch(() => undefined);
    expect(await driver.whereabouts(handle, never)).toEqual(place);
  });

  it("removes what a request of a dead process makes a moment after it looked", async () => {
    const { driver, clock } = scene;
    const prepared = await driver.prepare(request("run/t5"), never);
    if (prepared.kind !== "kubernetes") throw new Error("not of this cluster");
    const handle = { ...prepared, namespace: "default", owns_namespace: false };
    const { make, call, close } = taker(scene);
    const fresh = createKubernetesDriver(scene);
    const removed = fresh.remove(handle, clock.timeout(seconds(120)));
    await clock.sleep(seconds(8), never);
    const path = objectPaths(handle).deployment;
    const body = deploymentFor(handle, desktop, { kind: "any" });
    await make(path.slice(0, path.lastIndexOf("/")), body);
    await removed;
    await expect(call("GET", path)).rejects.toMatchObject({ status: 404 });
    await Promise.all([close(), fresh.close()]);
  });
});
