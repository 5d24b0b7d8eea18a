import { DateTime } from "luxon";
import { describe, expect, it } from "vitest";
import type { HealthFacts } from "../../../src/clusters/kubernetes/judge-health.ts";
import { judgeHealth } from "../../../src/clusters/kubernetes/judge-health.ts";
import { DESKTOP_LABEL } from "../../../src/clusters/kubernetes/naming.ts";
import { budget, node, pod } from "./facts.ts";

const master = {
  controlPlane: true,
  taints: [{ key: "x", effect: "NoSchedule", timeAdded: null }],
};
const healthy: HealthFacts = {
  nodes: [node("cp1", master), node("cp2", master), node("w1"), node("w2")],
  pods: [],
  leases: ["cp1", "cp2", "w1", "w2"].map((name) => ({
    name,
    renewTime: "2026-01-01T00:00:00.000000Z",
    durationSeconds: 40,
  })),
  budgets: [],
  hidden: null,
  wall: DateTime.fromISO("2026-01-01T00:00:10Z"),
  own: new Set(["ours"]),
};
const withNode = (change: Parameters<typeof node>[1]): HealthFacts => ({
  ...healthy,
  nodes: [...healthy.nodes, node("w3", change)],
});

describe("judgeHealth", () => {
  it("finds nothing wrong with a healthy cluster, and workers alone schedulable", () => {
    const health = judgeHealth(healthy);
    expect(health.problems).toEqual([]);
    expect(health.nodes.map(({ schedulable }) => schedulable)).toEqual([false, false, true, true]);
    expect(health.nodes.map(({ votes }) => votes)).toEqual([1, 1, 0, 0]);
    expect(health.nodes.some(({ master: isMaster }) => isMaster)).toBe(false);
  });

  it("counts quorum over the control plane: two nodes cannot lose one, three can", () => {
    expect(judgeHealth(healthy).quorum).toMatchObject({ needed_votes: 2, present_votes: 2 });
    const three = [...healthy.nodes, node("cp3", { ...master, ready: "Unknown" })];
    expect(judgeHealth({ ...healthy, nodes: three }).quorum).toEqual({
      quorate: true,
      expected_votes: 3,
      present_votes: 2,
      device_votes: 0,
      needed_votes: 2,
    });
    expect(judgeHealth({ ...healthy, nodes: [node("w1"), node("w2")] }).quorum).toBeNull();
  });

  it("counts a cordoned control-plane node, whose etcd runs on, and not one that is not ready", () => {
    const third = (change: Parameters<typeof node>[1]) =>
      judgeHealth({ ...healthy, nodes: [...healthy.nodes, node("cp3", { ...master, ...change })] });
    const cordoned = third({ cordoned: true });
    expect(cordoned.quorum).toMatchObject({ quorate: true, present_votes: 3, needed_votes: 2 });
    expect(cordoned.nodes.at(-1)).toMatchObject({ votes: 1, online: true, maintenance: true });
    for (const ready of ["False", "Unknown"] as const) {
      const lost = third({ ready, cordoned: true });
      expect(lost.quorum).toMatchObject({ quorate: true, present_votes: 2, needed_votes: 2 });
      expect(lost.nodes.at(-1)).toMatchObject({ votes: 1, online: false });
    }
    const both = [node("cp1", { ...master, ready: "False" }), ...healthy.nodes.slice(1)];
    expect(judgeHealth({ ...healthy, nodes: both }).quorum).toMatchObject({
      quorate: false,
      present_votes: 1,
      needed_votes: 2,
    });
  });

  it("knows the machine below each node", () => {
    const addresses = ["10.0.0.9", "2001:db8::9"];
    const machine = judgeHealth(withNode({ addresses, machineId: null })).nodes.at(-1)?.machine;
    expect(machine).toEqual({ boot_id: "boot-of-w3", machine_id: null, addresses });
  });

  it("says which budgets the loss of a node would break, leaving out pods that are no workload", () => {
    const pods = [
      pod("web-1", { labels: { app: "web" } }),
      pod("web-2", { labels: { app: "web" }, node: "w2" }),
      pod("web-3", { labels: { app: "web" }, owners: ["DaemonSet"] }),
      pod("ours", { labels: { app: "web", [DESKTOP_LABEL]: "ours" } }),
    ];
    const broken = judgeHealth({ ...healthy, pods, budgets: [budget("web", { allowed: 0 })] });
    expect(broken.nodes.map(({ budgets }) => budgets)).toEqual([
      [],
      [],
      ["budget default/web allows 0 disruptions, and 1 of its pods is on w1"],
      ["budget default/web allows 0 disruptions, and 1 of its pods is on w2"],
    ]);
    const kept = judgeHealth({ ...healthy, pods, budgets: [budget("web", { allowed: 1 })] });
    expect(kept.nodes.flatMap(({ budgets }) => budgets)).toEqual([]);
  });

  it("says in words why no trial can start", () => {
    expect(judgeHealth(withNode({ ready: "Unknown" })).problems[0]).toMatch(/w3 is not ready/u);
    const key = "node.kubernetes.io/unreachable";
    const taints = [{ key, effect: "NoExecute", timeAdded: null }];
    expect(judgeHealth(withNode({ taints })).problems[0]).toMatch(/still bears the taint/u);
    const one = healthy.nodes.slice(0, 3);
    expect(judgeHealth({ ...healthy, nodes: one }).problems[0]).toMatch(/only 1 of the nodes/u);
    const late = { ...healthy, wall: DateTime.fromISO("2026-01-01T00:01:00Z") };
    expect(judgeHealth(late).problems).toHaveLength(4);
    expect(judgeHealth(late).problems[0]).toMatch(/cp1 has not renewed its lease for 60 s/u);
  });

  it("shows a cordoned node as in maintenance", () => {
    const cordoned = judgeHealth(withNode({ cordoned: true })).nodes.at(-1);
    expect(cordoned).toMatchObject({ maintenance: true, schedulable: false, online: true });
  });

  it("names other workloads, leaving out DaemonSets, static pods, finished ones and our own", () => {
    const pods = [
      pod("web"),
      pod("daemon", { owners: ["DaemonSet"] }),
      pod("static", { mirror: true }),
      pod("static-too", { owners: ["Node"] }),
      pod("done", { phase: "Succeeded" }),
      pod("probe", { labels: { [DESKTOP_LABEL]: "ours" } }),
      pod("stranger", { labels: { [DESKTOP_LABEL]: "another-run" } }),
      pod("elsewhere", { node: "w2" }),
    ];
    const worker = judgeHealth({ ...healthy, pods }).nodes.find(({ name }) => name === "w1");
    expect(worker?.workloads).toEqual(["default/web", "default/stranger"]);
  });
});
