import { describe, expect, test } from "vitest";
import type { Stage } from "./failover.ts";
import { advance } from "./failover.ts";
import {
  PROBE_PERIOD,
  PROPAGATION,
  STARTING,
  expectProbed,
  phaseOf,
  podOf,
  readyOf,
  seeds,
  settled,
  taintsOf,
} from "./fault-scene.ts";

/** Kubelet.go: asked every 5 s, down 30 s after the last answer, posted in the 10 s status loop (here with the lease). */
function stopped(seed: number) {
  const s = settled(seed, 1);
  s.twin.actOnUnit(s.victim.node, "containerd", "stop");
  advance(s, 120);
  const beats = s.events.flatMap((event) =>
    event.kind === "lease-renewed" && event.node === s.victim.node && event.at > s.start
      ? [(event.at - s.start) / 1e9]
      : [],
  );
  const passes = s.events.flatMap((event) =>
    event.kind === "monitor-pass" && event.at > s.start ? [(event.at - s.start) / 1e9] : [],
  );
  const on = (kind: string) => s.when(s.start, (event) => event.kind === kind);
  return { ...s, beats, passes, on };
}

describe("the twin of Kubernetes, when a unit is killed", () => {
  test("starts the kubelet again after ten seconds: nobody is lost, but the pod is unready until its first probe", () => {
    for (const seed of seeds) {
      const s = settled(seed, 1);
      s.twin.actOnUnit(s.victim.node, "kubelet", "kill");
      const killed = s.twin.unit(s.victim.node, "kubelet");
      expect(killed).toEqual({ active: "activating", mainPid: 0, frozen: false });
      advance(s, 60);
      const on = (fits: Parameters<Stage["when"]>[1]) => s.when(s.start, fits);
      expect(on(({ kind }) => /unknown|evicted|stopped|not-ready/u.test(kind))).toBeNull();
      expect(on((event) => event.kind === "unit" && event.change === "started")).toBeCloseTo(10, 6);
      const ready = on(({ kind }) => kind === "pod-ready") ?? 0;
      expect(ready, `seed ${seed}`).toBeGreaterThan(10);
      expect(ready).toBeLessThanOrEqual(10 + PROBE_PERIOD);
      const served = on((event) => event.kind === "endpoint" && event.pods.length > 0);
      expect(served).toBeCloseTo(ready + PROPAGATION, 6);
      expect(s.pod()).toEqual(s.victim);
      expect(phaseOf(s, s.victim)).toBe("serving");
    }
  });

  test("starts containerd again after five seconds: nobody notices", () => {
    for (const seed of seeds) {
      const s = settled(seed, 1);
      s.twin.actOnUnit(s.victim.node, "containerd", "kill");
      advance(s, 100);
      const seen = s.events.filter(({ at, kind }) => at > s.start && kind !== "lease-renewed");
      const kinds = new Set(seen.map(({ kind }) => kind));
      expect(kinds, `seed ${seed}`).toEqual(new Set(["unit", "monitor-pass"]));
      expect(s.twin.unit(s.victim.node, "containerd")?.active).toBe("active");
    }
  });
});

describe("the twin of Kubernetes, when containerd stops", () => {
  test("posts not Ready at a status turn 25 to 40 s later, is tainted by the next pass, and evicts", () => {
    let early = 0;
    let late = 0;
    for (const seed of seeds) {
      const s = stopped(seed);
      const notReady = s.on("node-not-ready") ?? 0;
      // The last answer was up to 5 s before: where a turn falls into that doubt, both it and the next one are right.
      const certain = s.beats.find((beat) => beat >= 30) ?? 0;
      const possible = s.beats.find((beat) => beat > 25) ?? 0;
      expect([possible, certain], `seed ${seed}`).toContain(notReady);
      if (possible !== certain) {
        if (notReady === possible) early++;
        else late++;
      }
      const pass = s.passes.find((each) => each > notReady) ?? 0;
      const taint = s.on("taint") ?? 0;
      expect(taint, `seed ${seed}`).toBeGreaterThan(pass);
      expect(taint).toBeLessThanOrEqual(pass + 0.1);
      expect(s.on("evicted")).toBeCloseTo(taint + 1, 6);
      expect(s.on("node-unknown")).toBeNull();
      const recovered = s.when(
        s.start,
        (event) => event.kind === "endpoint" && event.pods.some((pod) => pod !== s.victim.name),
      );
      expectProbed(recovered, taint + 1 + STARTING, seed);
    }
    expect(early).toBeGreaterThan(5);
    expect(late).toBeGreaterThan(5);
  });

  test("lets the desktop serve until it is evicted: the node controller marks pods only of nodes that it lost itself", () => {
    const s = stopped(6);
    const unserved = s.when(
      s.start,
      (event) => event.kind === "endpoint" && event.pods.length === 0,
    );
    expect(unserved).toBeCloseTo((s.on("evicted") ?? 0) + PROPAGATION, 6);
    expect(readyOf(s, s.victim.node)).toMatchObject({
      status: "False",
      reason: "KubeletNotReady",
      message: "container runtime is down",
    });
    expect(taintsOf(s, s.victim.node).toSorted()).toEqual([
      "not-ready:NoExecute",
      "not-ready:NoSchedule",
    ]);
    // Nobody can end the old container before containerd is back.
    expect(phaseOf(s, s.victim)).toBe("serving");
    const back = s.queue.now();
    s.twin.actOnUnit(s.victim.node, "containerd", "start");
    advance(s, 20);
    expect(s.when(back, ({ kind }) => kind === "node-ready")).toBeLessThanOrEqual(15);
    expect(podOf(s, s.victim.name)).toBeUndefined();
    expect(taintsOf(s, s.victim.node)).toEqual([]);
  });

  test("and then the kubelet: the taint changes its name, and a planned eviction keeps its time", () => {
    const s = settled(5, 120);
    s.twin.actOnUnit(s.victim.node, "containerd", "stop");
    advance(s, 60);
    const tainted = s.when(s.start, ({ kind }) => kind === "taint") ?? 0;
    s.twin.actOnUnit(s.victim.node, "kubelet", "stop");
    advance(s, 60);
    expect(taintsOf(s, s.victim.node).toSorted()).toEqual([
      "unreachable:NoExecute",
      "unreachable:NoSchedule",
    ]);
    advance(s, 60);
    expect(s.when(s.start, ({ kind }) => kind === "evicted")).toBeCloseTo(tainted + 120, 6);
  });

  test("while the kubelet starts: that one says at once that the node is not Ready", () => {
    const s = settled(5, 120);
    s.twin.actOnUnit(s.victim.node, "containerd", "stop");
    s.twin.actOnUnit(s.victim.node, "kubelet", "stop");
    s.twin.actOnUnit(s.victim.node, "kubelet", "start");
    expect(s.when(s.start, ({ kind }) => kind === "node-not-ready")).toBe(0);
    s.twin.actOnUnit(s.victim.node, "containerd", "start");
    advance(s, 11);
    expect(s.when(s.start, ({ kind }) => kind === "node-ready")).toBe(10);
  });
});
