import { describe, expect, it } from "vitest";
import { faultSpan, outlivedBy } from "../../src/analysis/fault-span.ts";
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
    // One that has been set meanwhile never makes it end before it begins.
    expect(inMs(faultSpan(journal(clocks([-9010, -9000]), confirmed)))).toEqual([11_000, 11_000]);
  });
});

describe("outlivedBy", () => {
  it("lets the machine live as long as its desktop answers", () => {
    const fault = spanFromMs([10_000, 11_000]);
    expect(inMs(outlivedBy(fault, null))).toEqual([10_000, 11_000]);
    expect(inMs(outlivedBy(fault, 9000))).toEqual([10_000, 11_000]);
    expect(inMs(outlivedBy(fault, 10_900))).toEqual([10_900, 11_000]);
  });
});
