import { describe, expect, it } from "vitest";
import { nodeChanges } from "../../../src/clusters/kubernetes/node-changes.ts";
import { podChanges, podGone } from "../../../src/clusters/kubernetes/pod-changes.ts";
import { sliceChanges } from "../../../src/clusters/kubernetes/slice-changes.ts";
import { node, pod } from "./facts.ts";

const unreachable = (effect: string) => ({
  key: "node.kubernetes.io/unreachable",
  effect,
  timeAdded: "2026-01-01T00:00:45Z",
});

describe("nodeChanges", () => {
  it("calls a victim that is Unknown lost, once, with the API's stamp", () => {
    const lost = node("w1", { ready: "Unknown", readySince: "2026-01-01T00:00:40Z" });
    expect(nodeChanges(node("w1"), lost, "w1")).toMatchObject([
      { kind: "node-lost", node: "w1", stamp: "2026-01-01T00:00:40Z" },
    ]);
    expect(nodeChanges(lost, lost, "w1")).toEqual([]);
  });

  it("reports another node that dies, also before there is a victim", () => {
    const lost = node("w2", { ready: "False" });
    expect(nodeChanges(node("w2"), lost, "w1")).toMatchObject([{ kind: "other-node-lost" }]);
    expect(nodeChanges(node("w2"), lost, null)).toMatchObject([{ kind: "other-node-lost" }]);
  });

  it("does not take a node that joins, and is not ready yet, for one that died", () => {
    const joining = node("w9", { ready: "Unknown" });
    expect(nodeChanges(undefined, joining, "w1")).toEqual([]);
    expect(nodeChanges(joining, node("w9", { ready: "False" }), "w1")).toEqual([]);
    expect(nodeChanges(joining, node("w9"), "w1")).toEqual([]);
    expect(nodeChanges(node("w9"), joining, "w1")).toMatchObject([{ kind: "other-node-lost" }]);
    // The victim was there: its state before could not be read.
    expect(nodeChanges(undefined, joining, "w9")).toMatchObject([{ kind: "node-lost" }]);
  });

  it("takes the NoExecute taint for the start of fencing, and not NoSchedule, which comes earlier", () => {
    const unknown = node("w1", { ready: "Unknown", taints: [unreachable("NoSchedule")] });
    const tainted = { ...unknown, taints: [...unknown.taints, unreachable("NoExecute")] };
    expect(nodeChanges(node("w1"), unknown, "w1")).toMatchObject([{ kind: "node-lost" }]);
    expect(nodeChanges(unknown, tainted, "w1")).toMatchObject([
      { kind: "fencing-started", stamp: "2026-01-01T00:00:45Z" },
    ]);
    expect(nodeChanges(tainted, tainted, "w1")).toEqual([]);
  });

  it("sees loss and taint at once after a gap, and the return", () => {
    const tainted = node("w1", { ready: "Unknown", taints: [unreachable("NoExecute")] });
    expect(nodeChanges(node("w1"), tainted, "w1").map(({ kind }) => kind)).toEqual([
      "node-lost",
      "fencing-started",
    ]);
    expect(nodeChanges(tainted, node("w1"), "w1")).toMatchObject([{ kind: "node-returned" }]);
  });
});

describe("podChanges", () => {
  it("follows a replacement from its node to its container", () => {
    const created = pod("new", { node: null, running: false, ready: false, startedAt: null });
    const bound = { ...created, node: "w2" };
    const running = { ...bound, running: true, startedAt: "2026-01-01T00:00:50Z" };
    expect(podChanges(undefined, created, "w1")).toEqual([]);
    expect(podChanges(created, bound, "w1")).toMatchObject([{ kind: "node-chosen", node: "w2" }]);
    expect(podChanges(bound, running, "w1")).toMatchObject([
      { kind: "instance-started", instance: "new", stamp: "2026-01-01T00:00:50Z" },
    ]);
    expect(podChanges(undefined, running, "w1")).toHaveLength(2);
    expect(podChanges(running, { ...running, ready: true }, "w1")).toEqual([]);
  });

  it("calls the victim's pod fenced when it is deleted, or gone without that being seen", () => {
    const old = pod("old");
    const leaving = { ...old, deletion: "2026-01-01T00:01:16Z" };
    expect(podChanges(old, leaving, "w1")).toMatchObject([{ kind: "fenced", node: "w1" }]);
    expect(podChanges(leaving, leaving, "w1")).toEqual([]);
    expect(podChanges(old, leaving, "w2")).toEqual([]);
    expect(podGone(old, "w1")).toMatchObject([{ kind: "fenced", stamp: null }]);
    expect(podGone(leaving, "w1")).toEqual([]);
    expect(podGone(old, "w2")).toEqual([]);
  });
});

describe("sliceChanges", () => {
  it("names each pod that gets traffic and did not before", () => {
    const ready = { name: "s", ready: [{ pod: "new", node: "w2" }] };
    expect(sliceChanges({ name: "s", ready: [] }, ready)).toMatchObject([
      { kind: "endpoint-ready", instance: "new", node: "w2" },
    ]);
    expect(sliceChanges(ready, ready)).toEqual([]);
    expect(sliceChanges(undefined, ready)).toHaveLength(1);
  });
});
