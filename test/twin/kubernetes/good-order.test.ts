import { describe, expect, test } from "vitest";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import { advance, failover } from "./failover.ts";
import {
  BOOT,
  SHUTDOWN,
  STARTING,
  change,
  expectProbed,
  nodeOf,
  phaseOf,
  podOf,
  seeds,
  settled,
  taintsOf,
} from "./fault-scene.ts";

describe("the twin of Kubernetes, when a node ends in good order", () => {
  test("ends its desktop at once, is gone when the shutdown is over, and stays off", () => {
    const s = settled(3, 1);
    s.twin.shutDown(s.victim.node, "poweroff");
    s.twin.shutDown(s.victim.node, "reboot");
    expect(s.twin.isShuttingDown(s.victim.node)).toBe(true);
    expect(s.when(s.start, ({ kind }) => kind === "pod-stopped")).toBe(0);
    s.twin.actOnUnit(s.victim.node, "kubelet", "start");
    expect(s.twin.unit(s.victim.node, "kubelet")?.active).toBe("inactive");
    advance(s, SHUTDOWN - 0.1);
    expect(phaseOf(s, s.victim)).toBe("none");
    advance(s, 0.2);
    expect(phaseOf(s, s.victim)).toBe("dead");
    expect(s.twin.isPowered(s.victim.node)).toBe(false);
    expect(s.twin.isShuttingDown(s.victim.node)).toBe(false);
  });

  test("and reboots before the eviction: the same pod, in a new container, after shutdown, boot and start", () => {
    for (const seed of seeds) {
      const s = settled(seed, null);
      const before = podOf(s, s.victim.name)?.status.containerStatuses?.[0];
      s.twin.setLink(s.victim.node, "eth0", false);
      s.twin.actOnUnit(s.victim.node, "kubelet", "stop");
      s.twin.shutDown(s.victim.node, "reboot");
      advance(s, 100);
      const ready = s.when(
        s.start,
        (event) => event.kind === "pod-ready" && event.pod === s.victim.name,
      );
      expectProbed(ready, SHUTDOWN + BOOT + 1.5 + 2.5, seed);
      expect(s.pod()).toEqual(s.victim);
      const after = podOf(s, s.victim.name)?.status.containerStatuses?.[0];
      expect(after).toMatchObject({ restartCount: 1, ready: true });
      expect(after?.containerID).not.toBe(before?.containerID);
      // What was only said to the running system is forgotten.
      expect(s.twin.links(s.victim.node)).toEqual([{ name: "eth0", up: true }]);
      expect(s.twin.unit(s.victim.node, "kubelet")?.active).toBe("active");
    }
  });

  test("is overtaken by a reset and by a power cut", () => {
    for (const cut of ["reset", "powerOff", "panic"] as const) {
      const s = settled(1, null);
      s.twin.shutDown(s.victim.node, "poweroff");
      s.twin[cut](s.victim.node);
      expect(s.twin.isShuttingDown(s.victim.node)).toBe(false);
      advance(s, SHUTDOWN + BOOT + 1);
      const expected = { reset: "up", powerOff: "off", panic: "hung" }[cut];
      expect(s.twin.hostState(s.victim.node)).toBe(expected);
    }
  });
});

describe("the twin of Kubernetes, when a node is changed through the API", () => {
  test("keeps new pods from a cordoned node, and leaves those that run there", () => {
    const s = settled(1, 1);
    change(s, s.victim.node, { unschedulable: true });
    advance(s, 60);
    expect(taintsOf(s, s.victim.node)).toEqual(["unschedulable:NoSchedule"]);
    expect(s.pod()).toEqual(s.victim);
    change(s, s.victim.node, { unschedulable: undefined });
    advance(s, 0.1);
    expect(taintsOf(s, s.victim.node)).toEqual([]);
  });

  test("evicts at once what does not tolerate a NoExecute taint set by hand, and lets a living kubelet end it", () => {
    for (const seed of seeds.slice(0, 20)) {
      const s = settled(seed, 1);
      const taints = [
        { key: "node.kubernetes.io/out-of-service", value: "nodeshutdown", effect: "NoExecute" },
      ];
      change(s, s.victim.node, { taints });
      advance(s, 30);
      expect(s.when(s.start, ({ kind }) => kind === "evicted")).toBe(0);
      const recovered = s.when(
        s.start,
        (event) => event.kind === "endpoint" && event.pods.some((pod) => pod !== s.victim.name),
      );
      expectProbed(recovered, STARTING, seed);
      expect(podOf(s, s.victim.name)).toBeUndefined();
      // The node is Ready: the node controller has nothing to say about this taint.
      expect(taintsOf(s, s.victim.node)).toEqual(["out-of-service:NoExecute"]);
    }
  });

  test("does not remove the pods of a dead node by force: that came with 1.26, this is 1.20", () => {
    const run = failover(2, defaultKubernetesSettings, 1);
    const taints = [
      ...(nodeOf(run, run.victim.node)?.spec.taints ?? []),
      { key: "node.kubernetes.io/out-of-service", value: "nodeshutdown", effect: "NoExecute" },
    ];
    change(run, run.victim.node, { taints });
    advance(run, 600);
    expect(podOf(run, run.victim.name)?.metadata.deletionTimestamp).toBeDefined();
  });

  test("taints a lost node again at the next pass when somebody took its taint away", () => {
    const run = failover(2, defaultKubernetesSettings, 1);
    const removed = run.queue.now();
    change(run, run.victim.node, { taints: undefined });
    advance(run, 20);
    expect(run.when(removed, ({ kind }) => kind === "taint")).toBeLessThan(5.2);
    expect(taintsOf(run, run.victim.node)).toContain("unreachable:NoExecute");
  });
});
