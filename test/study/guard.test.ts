import { describe, expect, it } from "vitest";
import { identityRefusals, misplaced, refusalsFor } from "../../src/study/guard.ts";
import type { ClusterHealth } from "../../src/model/cluster-facts.ts";
import type { SafetyLimits } from "../../src/model/safety.ts";
import { defaultSafety } from "../../src/model/safety.ts";
import { health, node } from "../support/fake-study.ts";
import { guardFacts } from "../support/guard-facts.ts";

const safety = defaultSafety;
const guards = (
  victim: string,
  seen: ClusterHealth,
  limits: SafetyLimits = safety,
): readonly string[] =>
  refusalsFor(victim, guardFacts({ health: seen, safety: limits })).map(({ guard }) => guard);

describe("refusalsFor", () => {
  it("allows one node of three healthy ones", () => {
    expect(guards("pve2", health(), safety)).toEqual([]);
  });

  it("refuses a node whose loss ends quorum", () => {
    const two = health({
      nodes: [node("pve1"), node("pve2"), node("pve3", { online: false })],
      quorum: {
        quorate: true,
        expected_votes: 3,
        present_votes: 2,
        needed_votes: 2,
        device_votes: 0,
      },
    });
    expect(guards("pve2", two, { ...safety, max_nodes_down: 2 })).toEqual(["quorum"]);
  });

  it("refuses when there is no quorum already", () => {
    const none = health({
      quorum: {
        quorate: false,
        expected_votes: 3,
        present_votes: 1,
        needed_votes: 2,
        device_votes: 0,
      },
    });
    expect(guards("pve2", none, safety)).toContain("quorum");
  });

  it("lets a worker without a vote go, whatever the control plane's votes", () => {
    const workers = health({
      nodes: [
        node("cp1", { schedulable: false }),
        node("cp2", { schedulable: false }),
        node("worker1", { votes: 0 }),
        node("worker2", { votes: 0 }),
      ],
      quorum: {
        quorate: true,
        expected_votes: 2,
        present_votes: 2,
        needed_votes: 2,
        device_votes: 0,
      },
    });
    expect(guards("worker1", workers, safety)).toEqual([]);
    expect(guards("cp1", workers, safety)).toContain("quorum");
  });

  it("refuses more nodes down than allowed", () => {
    const oneDown = health({ nodes: [node("a"), node("b", { online: false }), node("c")] });
    expect(guards("a", oneDown, safety)).toContain("max-nodes-down");
    expect(guards("a", oneDown, { ...safety, max_nodes_down: 2 })).not.toContain("max-nodes-down");
  });

  it("refuses a protected node, one with other workloads, and one whose desktop has nowhere to go", () => {
    expect(guards("pve2", health(), { ...safety, protected_nodes: ["pve2"] })).toEqual([
      "protected-node",
    ]);
    const busy = health({ nodes: [node("pve1"), node("pve2", { workloads: ["vm 101 (mail)"] })] });
    expect(guards("pve2", busy, safety)).toEqual(["other-workloads"]);
    const alone = health({ nodes: [node("pve1", { schedulable: false }), node("pve2")] });
    expect(guards("pve2", alone, safety)).toEqual(["spare-node"]);
  });

  it("refuses a node that the cluster does not know", () => {
    expect(guards("pve9", health(), safety)).toEqual(["known-node"]);
  });
});

describe("identityRefusals", () => {
  const seen = { kind: "proxmox", name: "prod", fingerprint: "AA:BB", version: "9" } as const;

  it("accepts what is pinned, however the fingerprint is written", () => {
    expect(identityRefusals(seen, { name: "prod", fingerprint: "aabb" })).toEqual([]);
    expect(identityRefusals(seen, { name: null, fingerprint: null })).toEqual([]);
  });

  it("refuses another cluster", () => {
    expect(identityRefusals(seen, { name: "test", fingerprint: null })).toHaveLength(1);
    expect(identityRefusals(seen, { name: "prod", fingerprint: "CC" })).toHaveLength(1);
  });
});

describe("misplaced", () => {
  it("holds the victim against the arm's placement", () => {
    expect(misplaced("pve2", { kind: "any" }, health())).toBeNull();
    expect(misplaced("pve1", { kind: "not-crm-master" }, health())).toContain("CRM master");
    expect(misplaced("pve1", { kind: "crm-master" }, health())).toBeNull();
    expect(misplaced("pve2", { kind: "crm-master" }, health())).toContain("pve1");
    expect(misplaced("pve2", { kind: "node", node: "pve3" }, health())).toContain("pve3");
  });
});
