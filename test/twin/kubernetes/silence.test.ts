import { describe, expect, test } from "vitest";
import { defaultKubernetesSettings } from "../../../src/model/kubernetes-settings.ts";
import type { Blow } from "./failover.ts";
import { advance, failover, isWithin, settingsWith } from "./failover.ts";
import {
  PROBE_PERIOD,
  PROPAGATION,
  STARTING,
  phaseOf,
  podOf,
  readyOf,
  seeds,
  settled,
  taintsOf,
} from "./fault-scene.ts";

/** Taken for lost by its silence, as in facts/kubernetes.md 1: a lease aged r, seen d after its renewal. */
const silences: readonly {
  readonly name: string;
  readonly blow: Blow;
  readonly serves: boolean;
}[] = [
  {
    name: "the kubelet stops",
    blow: (twin, node) => twin.actOnUnit(node, "kubelet", "stop"),
    serves: true,
  },
  {
    name: "kubelet and containerd are frozen",
    blow: (twin, node) => {
      for (const unit of ["kubelet", "containerd"]) twin.actOnUnit(node, unit, "freeze");
    },
    serves: true,
  },
  {
    name: "its link is cut",
    blow: (twin, node) => twin.setLink(node, "eth0", false),
    serves: false,
  },
  { name: "it is shut down", blow: (twin, node) => twin.shutDown(node, "poweroff"), serves: false },
];

describe("the twin of Kubernetes, when a node falls silent", () => {
  test.each(silences)("follows the closed formulas: $name", ({ blow, serves }) => {
    const wrong = seeds.flatMap((seed) => {
      const run = failover(seed, defaultKubernetesSettings, 1, blow);
      const unknown = -run.r + run.d + 40;
      const evicted = unknown + 5 + 1;
      const phase = phaseOf(run, run.victim);
      const agrees =
        isWithin(run.unknown, unknown) &&
        isWithin(run.evicted, evicted) &&
        isWithin(run.recovered, evicted + STARTING, evicted + STARTING + PROBE_PERIOD) &&
        (run.unserved ?? 0) - (run.unknown ?? 0) - PROPAGATION < 1e-6 &&
        phase === (serves ? "serving" : "dead");
      const { unknown: u, evicted: e, recovered, unserved } = run;
      return agrees ? [] : [{ seed, u, e, recovered, unserved, unknown, evicted, phase }];
    });
    expect(wrong).toEqual([]);
  });

  test("lets the container of a stopped kubelet serve until the kubelet is back and ends it", () => {
    for (const seed of seeds.slice(0, 20)) {
      const run = failover(seed, defaultKubernetesSettings, 1, (twin, node) =>
        twin.actOnUnit(node, "kubelet", "stop"),
      );
      const stopped = () =>
        run.events.filter(({ kind }) => kind === "pod-stopped" || kind === "pod-removed");
      expect(stopped()).toEqual([]);
      expect(run.twin.unit(run.victim.node, "kubelet")).toMatchObject({
        active: "inactive",
        mainPid: 0,
      });
      run.twin.actOnUnit(run.victim.node, "kubelet", "start");
      advance(run, 0.1);
      expect(readyOf(run, run.victim.node)?.status).toBe("True");
      advance(run, 1);
      expect(stopped().map(({ kind }) => kind)).toEqual(["pod-stopped", "pod-removed"]);
      expect(podOf(run, run.victim.name)).toBeUndefined();
      advance(run, 5.1);
      expect(taintsOf(run, run.victim.node)).toEqual([]);
    }
  });

  test("lets a thawed node go on where it was, and end the pod that was evicted", () => {
    const run = failover(4, defaultKubernetesSettings, 1, (twin, node) => {
      for (const unit of ["kubelet", "containerd"]) twin.actOnUnit(node, unit, "freeze");
    });
    expect(run.twin.unit(run.victim.node, "kubelet")).toMatchObject({
      active: "active",
      frozen: true,
    });
    const thaw = run.queue.now();
    run.twin.actOnUnit(run.victim.node, "kubelet", "thaw");
    advance(run, 0.01);
    run.twin.actOnUnit(run.victim.node, "containerd", "thaw");
    advance(run, 6);
    expect(run.when(thaw, ({ kind }) => kind === "node-not-ready")).toBeNull();
    expect(run.when(thaw, ({ kind }) => kind === "node-ready")).toBeLessThan(0.1);
    expect(podOf(run, run.victim.name)).toBeUndefined();
  });
});

describe("the twin of Kubernetes, when a link is cut and returns", () => {
  test("before the eviction: the node is Ready at its next heartbeat, its pod within ten seconds more", () => {
    for (const seed of seeds) {
      const s = settled(seed, null);
      s.twin.setLink(s.victim.node, "eth0", false);
      advance(s, 60);
      expect(readyOf(s, s.victim.node)?.status, `seed ${seed}`).toBe("Unknown");
      expect(phaseOf(s, s.victim)).toBe("dead");
      const back = s.queue.now();
      s.twin.setLink(s.victim.node, "eth0", true);
      advance(s, 30);
      const on = (kind: string) => s.when(back, (event) => event.kind === kind);
      expect(on("lease-renewed"), `seed ${seed}`).toBeLessThanOrEqual(7);
      expect(on("node-ready"), `seed ${seed}`).toBeLessThanOrEqual(10);
      expect(on("pod-ready"), `seed ${seed}`).toBeLessThanOrEqual(11);
      expect(on("taint-removed")).toBeLessThanOrEqual((on("node-ready") ?? 0) + 5.1);
      expect(
        s.when(s.start, ({ kind }) => kind === "evicted" || kind === "pod-stopped"),
      ).toBeNull();
      expect(s.pod()).toEqual(s.victim);
      expect(podOf(s, s.victim.name)?.status.containerStatuses?.[0]?.restartCount).toBe(0);
    }
  });

  test("after the eviction: the kubelet ends the old pod, and the new one stays where it is", () => {
    const run = failover(8, defaultKubernetesSettings, 1, (twin, node) =>
      twin.setLink(node, "eth0", false),
    );
    const survivor = run.pod();
    expect(podOf(run, run.victim.name)?.metadata.deletionTimestamp).toBeDefined();
    run.twin.setLink(run.victim.node, "eth0", true);
    advance(run, 20);
    expect(podOf(run, run.victim.name)).toBeUndefined();
    expect(run.pod()).toEqual(survivor);
    expect(taintsOf(run, run.victim.node)).toEqual([]);
  });

  test("of a control-plane node: its API server and its controllers are gone with it", () => {
    const s = settled(2, 1);
    s.twin.setLink("cp1", "eth0", false);
    advance(s, 120);
    const leader = s.when(s.start, (event) => event.kind === "leader" && event.node === "cp2");
    expect(leader).toBeGreaterThanOrEqual(15);
    expect(leader).toBeLessThan(17.1);
    const pass = s.when(s.start, (event) => event.kind === "monitor-pass");
    expect(pass).toBeCloseTo(leader ?? 0, 6);
    expect(readyOf(s, "cp1")?.status).toBe("Unknown");
    s.twin.setLink("cp2", "eth0", false);
    const dark = s.queue.now();
    advance(s, 60);
    expect(s.when(dark, ({ kind }) => kind === "lease-renewed")).toBeNull();
  });

  test("of the only control-plane node: it goes on alone, and takes all others for lost", () => {
    const s = settled(3, 1, settingsWith({ control_plane_nodes: 1 }));
    s.twin.setLink("cp1", "eth0", false);
    advance(s, 60);
    expect(["cp1", "worker1", "worker2"].map((name) => readyOf(s, name)?.status)).toEqual([
      "True",
      "Unknown",
      "Unknown",
    ]);
  });
});
