import { Response } from "undici";
import { describe, expect, it } from "vitest";
import { KubernetesConnection } from "../../../src/clients/kubernetes/connection.ts";
import { newMemory } from "../../../src/clusters/kubernetes/session.ts";
import { readTimers } from "../../../src/clusters/kubernetes/timers.ts";
import { aKubernetesCluster } from "../../faults/a-cluster.ts";
import { VirtualClock } from "../../support/virtual-clock.ts";

const never = new AbortController().signal;
const handle = {
  kind: "kubernetes",
  namespace: "blackout",
  name: "desktop",
  mark: "m",
  reach: "node-port",
  owns_namespace: false,
} as const;

const controllerManager = {
  metadata: { name: "kube-controller-manager-cp1" },
  spec: { containers: [{ command: ["kube-controller-manager", "--node-monitor-period=2s"] }] },
};

/** Timers read twice, of a 1.31 whose pods of kube-system and Lease of w1 are these. */
async function timersOf(system: readonly object[] | null, lease: object) {
  const clock = new VirtualClock();
  const asked: string[] = [];
  const answers = (path: string): Response => {
    if (path === "/version") return Response.json({ gitVersion: "v1.31.2" });
    if (path.endsWith("/namespaces/kube-system"))
      return Response.json({ metadata: { name: "kube-system", uid: "u" } });
    if (path.includes("/leases/")) return Response.json(lease);
    const items = path.includes("kube-system") ? system : [];
    return items === null
      ? Response.json({ kind: "Status", reason: "Forbidden" }, { status: 403 })
      : Response.json({ metadata: { resourceVersion: "1" }, items });
  };
  const cluster = aKubernetesCluster([]);
  const secrets = { resolve: async () => await Promise.resolve("") };
  const connection = new KubernetesConnection(cluster.api, clock, secrets, {
    fetch: async (_server, { path }) => {
      asked.push(path);
      return await Promise.resolve(answers(path));
    },
    drop: () => undefined,
    close: async () => await Promise.resolve(),
  });
  const session = { cluster, clock, connection, memory: newMemory() };
  const read = async () => await clock.runUntilSettled(readTimers(session, handle, "w1", never));
  await read();
  const timers = await read();
  return { timers, flagsAsked: asked.filter((path) => path.includes("kube-system/pods")).length };
}

const lease = (spec: object) => ({ metadata: { name: "w1" }, spec });

describe("a trial's timers", () => {
  it("have the monitor's flags as the cluster tells them, which is asked once, and the Lease's own length", async () => {
    const { timers, flagsAsked } = await timersOf(
      [controllerManager],
      lease({ leaseDurationSeconds: 80 }),
    );
    expect(timers).toMatchObject({
      node_monitor_period_ms: 2000,
      node_monitor_grace_ms: 40_000,
      settings_by: "cluster",
      lease_duration_ms: 80_000,
    });
    expect(flagsAsked).toBe(1);
  });

  it.each([
    ["may not be asked", null],
    ["does not show its control plane", []],
  ])("have the inventory's of a cluster that %s, and say so", async (_, system) => {
    const { timers } = await timersOf(system, lease({}));
    expect(timers).toMatchObject({
      node_monitor_period_ms: 5000,
      node_monitor_grace_ms: 50_000,
      settings_by: "inventory",
    });
    expect(timers).not.toHaveProperty("lease_duration_ms");
  });
});
