import { describe, expect, it } from "vitest";
import { ecdfDistance } from "../../src/analysis/arm-reference.ts";
import { compareReferences } from "../../src/analysis/compare-references.ts";
import { labelOf } from "../../src/analysis/quantile.ts";
import { spellsOf } from "../../src/analysis/spells.ts";
import { desktopInWords, faultInWords, placementInWords } from "../../src/analysis/words.ts";
import type { ArmReport } from "../../src/model/run-report.ts";
import type { Sample, SampleResult } from "../../src/model/sample.ts";
import { fakeExperiment } from "../support/fake-experiment.ts";

describe("labelOf", () => {
  it("calls a percentile the largest of so few that it is no more than that", () => {
    expect([labelOf("p95", 58), labelOf("p95", 59)]).toEqual(["largest of 58", null]);
    expect([labelOf("p90", 28), labelOf("p90", 29)]).toEqual(["largest of 28", null]);
    expect([labelOf("max", 1), labelOf("median", 1)]).toEqual([null, null]);
    // The reason for these numbers: how surely the largest lies above the true percentile.
    expect(1 - 0.95 ** 58).toBeLessThan(0.95);
    expect(1 - 0.95 ** 59).toBeGreaterThan(0.95);
    expect(1 - 0.9 ** 28).toBeLessThan(0.95);
    expect(1 - 0.9 ** 29).toBeGreaterThan(0.95);
  });
});

describe("ecdfDistance", () => {
  it("is 0 for equal samples, 1 for samples apart, and by hand in between", () => {
    expect(ecdfDistance([1, 2, 3], [3, 2, 1])).toBe(0);
    expect(ecdfDistance([1, 2], [3, 4])).toBe(1);
    // At 3: 3/4 of the first against 0/3 of the second; at 4: 4/4 against 1/3.
    expect(ecdfDistance([1, 2, 3, 4], [3.5, 5, 6])).toBe(0.75);
  });
});

const arm = (name: string, shift_ms: number | null): ArmReport => ({
  name,
  cluster: "lab-pve",
  cluster_kind: "proxmox",
  fault: "",
  desktop: "",
  placement: "",
  moment: "",
  planned: 0,
  outcomes: {
    recovered: 0,
    "no-outage": 0,
    censored: 0,
    void: 0,
    refused: 0,
    interrupted: 0,
    missing: 0,
  },
  statistics: [],
  bulk: null,
  survival: [],
  strata: [],
  answered_by: [],
  spells: [],
  waits: [],
  reference: {
    title: "Thesis",
    source: "csv",
    measure: "recovery",
    n: 3,
    values_ms: [133_000, 134_000, 135_000],
    median_ms: 134_000,
    mean_ms: 134_000,
    sd_ms: 1000,
    min_ms: 133_000,
    max_ms: 135_000,
    shift_ms,
    shift_interval_ms: shift_ms === null ? null : [shift_ms - 500, shift_ms + 500],
    ecdf_distance: null,
  },
});

describe("compareReferences", () => {
  it("names the arm whose median lies nearer, with all differences and the reason", () => {
    const [comparison] = compareReferences([arm("guest", 1200), arm("console", -14_900)], true);
    expect(comparison?.nearer).toBe("guest");
    expect(comparison?.text).toContain(
      "guest: median 135.2 s, 1.2 s above the reference's 134.0 s (95 % interval of the difference +0.7 .. +1.7 s); console: median 119.1 s, 14.9 s below the reference's 134.0 s (95 % interval of the difference -15.4 .. -14.4 s). The median of guest lies nearer. No arm was fitted to the reference",
    );
    expect(comparison?.text).toContain("the 60 s fence delay, the 120 s agent lock");
  });

  it("names none when two lie equally near, or one has no trial", () => {
    expect(compareReferences([arm("a", 100), arm("b", -100)], true)[0]?.nearer).toBeNull();
    const [comparison] = compareReferences([arm("a", 100), arm("b", null)], true);
    expect(comparison?.nearer).toBeNull();
    expect(comparison?.text).toContain("b has no recovered trial. None can be called nearer");
  });

  it("has nothing to compare for an arm alone with its reference", () => {
    const { reference, ...lone } = arm("c", 5);
    const other = reference === null ? null : { ...reference, title: "Elsewhere" };
    expect(compareReferences([arm("a", 100), { ...lone, reference: other }], true)).toEqual([]);
  });
});

describe("words", () => {
  it("say what an arm does", () => {
    const [guest, console, kubernetes] = fakeExperiment(1, 1).arms.map(({ desktop }) =>
      desktopInWords(desktop),
    );
    expect(guest).toBe("clone of VM 9000 under HA, seen through the guest's own noVNC");
    expect(console).toBe("clone of VM 9000 under HA, seen through PVE's console");
    expect(kubernetes).toBe(
      "Deployment of registry.example/novnc-desktop:1, toleration 1 s, seen through the ingress",
    );
    expect(faultInWords({ kind: "power", action: "off", over: "ipmi" })).toBe(
      "chassis power off over IPMI",
    );
    expect(faultInWords({ kind: "sysrq", key: "c", over: "ssh" })).toBe(
      "kernel panic (echo c > /proc/sysrq-trigger) over SSH",
    );
    expect(placementInWords({ kind: "not-crm-master" })).toBe("a node that is not the CRM master");
    expect(placementInWords({ kind: "node", node: "pve2" })).toBe("node pve2");
  });
});

const sample = (seq: number, result: SampleResult): Sample => ({
  seq,
  trial: "t",
  target: "desktop",
  scheduled_ms: seq * 100,
  started_ms: seq * 100,
  ended_ms: seq * 100 + 10,
  result,
});

describe("spellsOf", () => {
  const good: SampleResult = { kind: "good", instance: null };
  const refused: SampleResult = { kind: "bad", reached: null, failure: { kind: "refused" } };
  const stuck: SampleResult = {
    kind: "bad",
    reached: "http",
    failure: { kind: "timed-out", during: "websocket" },
  };

  it("tells one kind of failure after the other, without a gap, and loses no sample", () => {
    const results = [good, good, refused, refused, stuck, good];
    const spells = spellsOf(results.map((result, seq) => sample(seq, result)));
    expect(spells).toEqual([
      { kind: "answering", from_ms: 0, to_ms: 200, samples: 2, length_ms: [90, 210] },
      { kind: "refused", from_ms: 200, to_ms: 400, samples: 2, length_ms: [90, 310] },
      { kind: "handshake", from_ms: 400, to_ms: 500, samples: 1, length_ms: [0, 210] },
      { kind: "answering", from_ms: 500, to_ms: 510, samples: 1, length_ms: [0, 110] },
    ]);
  });

  it("tells silence, which a first packet shows, from no route; and admits a lab's lateness", () => {
    const silent: SampleResult = {
      kind: "bad",
      reached: null,
      failure: { kind: "timed-out", during: "tcp" },
    };
    const unreachable: SampleResult = {
      kind: "bad",
      reached: null,
      failure: { kind: "unreachable", code: "EHOSTUNREACH" },
    };
    const slow = (seq: number, result: SampleResult): Sample => ({
      ...sample(seq, result),
      ended_ms: seq * 100 + 2000,
    });
    const samples = [sample(0, good), slow(1, silent), slow(2, silent), slow(3, unreachable)];
    expect(spellsOf([...samples, sample(4, good)], 5)).toMatchObject([
      { kind: "answering" },
      { kind: "silent", from_ms: 100, to_ms: 300, length_ms: [95, 305] },
      { kind: "unreachable", from_ms: 300, to_ms: 400, length_ms: [0, 215] },
      { kind: "answering" },
    ]);
  });

  it("knows of a connection that was taken only that the silence on it began before its end", () => {
    const taken: SampleResult = {
      kind: "bad",
      reached: "tcp",
      failure: { kind: "timed-out", during: "http" },
    };
    // A moment's silence just before the first one's deadline may have been all.
    const hung = (seq: number): Sample => ({ ...sample(seq, taken), ended_ms: 2000 + seq * 100 });
    expect(spellsOf([sample(0, good), hung(1), hung(2), sample(3, good)])[1]).toMatchObject({
      kind: "silent",
      length_ms: [0, 310],
    });
  });
});
