import { describe, expect, it } from "vitest";
import type { Edges } from "../../src/analysis/edges.ts";
import { noOutage } from "../../src/analysis/edges.ts";
import { faultSpan, lostWith, outlivedBy } from "../../src/analysis/fault-span.ts";
import type { TrialRecord } from "../../src/analysis/trial-facts.ts";
import { spanFromMs, spanInMs } from "../../src/base/interval.ts";
import type { Span } from "../../src/base/interval.ts";
import type { TrialFact } from "../../src/model/journal.ts";

const journal = (...facts: readonly TrialFact[]): readonly TrialRecord[] =>
  facts.map((fact, index) => ({
    seq: index + 1,
    at_ms: index,
    wall: "",
    event: { trial: "t", ...fact },
  }));

const clocks = (offset_ms: readonly [number, number], host = "pve2"): TrialFact => ({
  kind: "clock-offsets",
  when: "before",
  epoch_ms: 1_800_000_000_000,
  clocks: [{ host, over: "ssh", offset_ms }],
  silent: [],
});
const stamp = { host: "pve2", stamp: "1800000010.500000000", at_least_ms: 50 };
const confirmed: TrialFact = {
  kind: "fault-confirmed",
  gone_ms: [10_000, 11_000],
  evidence: "",
  stamp,
};
const inMs = (span: Span | null): unknown => (span === null ? null : spanInMs(span));

describe("faultSpan", () => {
  it("is null without a confirmed fault, and what was confirmed without a stamp or its clock", () => {
    expect(faultSpan(journal())).toBeNull();
    expect(inMs(faultSpan(journal(confirmed)))).toEqual([10_000, 11_000]);
    expect(inMs(faultSpan(journal(clocks([0, 0], "pve3"), confirmed)))).toEqual([10_000, 11_000]);
  });

  it("is no sooner than the victim's own stamp and its pause, by the most that its clock may be ahead", () => {
    expect(inMs(faultSpan(journal(clocks([-10, 30]), confirmed)))).toEqual([10_520, 11_000]);
    // A clock that is 2 s ahead shows the same stamp 2 s earlier, which says nothing new.
    expect(inMs(faultSpan(journal(clocks([1990, 2030]), confirmed)))).toEqual([10_000, 11_000]);
    // One that has been set meanwhile says nothing at all.
    expect(inMs(faultSpan(journal(clocks([-9010, -9000]), confirmed)))).toEqual([10_000, 11_000]);
  });
});

const fault = spanFromMs([10_000, 11_000]);
const edges = (lost: readonly [number, number], more: Partial<Edges> = {}): Edges => ({
  ...noOutage,
  lost: spanFromMs(lost),
  ...more,
});

const lostAt = (lost: readonly [number, number], agreedLostMs: number | null = null): unknown =>
  inMs(lostWith(edges(lost, { agreedLostMs }), fault));

describe("outlivedBy", () => {
  it("lets the machine live as long as its desktop answers", () => {
    const upAt = (lastUpMs: number | null): unknown =>
      inMs(outlivedBy(fault, edges([9000, 11_100], { lastUpMs })));
    expect(inMs(outlivedBy(fault, noOutage))).toEqual([10_000, 11_000]);
    expect(upAt(null)).toEqual([10_000, 11_000]);
    expect(upAt(9000)).toEqual([10_000, 11_000]);
    expect(upAt(10_900)).toEqual([10_900, 11_000]);
  });

  it("lets it die with its desktop where that answered after the proof of death", () => {
    const outlived = edges([11_400, 11_700], { lastUpMs: 11_400 });
    expect(inMs(outlivedBy(fault, outlived))).toEqual([11_400, 11_700]);
  });
});

describe("lostWith", () => {
  it("lets the desktop die with its machine, however long attempts that hung on it took to fail", () => {
    expect(lostAt([9900, 12_000])).toEqual([10_000, 11_000]);
    expect(lostAt([10_200, 10_400])).toEqual([10_200, 10_400]);
    expect(inMs(lostWith(noOutage, fault))).toBeNull();
  });

  it("takes one attempt that failed before the machine died for a lost packet, two for a desktop that was lost first", () => {
    expect(lostAt([9500, 9800])).toEqual([10_000, 11_000]);
    expect(lostAt([9500, 9800], 10_300)).toEqual([10_000, 10_300]);
    expect(lostAt([9500, 9800], 11_300)).toEqual([10_000, 11_000]);
    expect(lostAt([9500, 9800], 9900)).toEqual([9500, 9800]);
  });

  it("leaves alone what was lost after the machine's death", () => {
    expect(lostAt([11_200, 11_400])).toEqual([11_200, 11_400]);
  });
});
