import { describe, expect, it } from "vitest";
import { struck } from "../../src/analysis/struck.ts";
import type { TrialRecord } from "../../src/analysis/trial-facts.ts";
import type { Span, SpanMs } from "../../src/base/interval.ts";
import { spanInMs } from "../../src/base/interval.ts";
import type { FaultSpec } from "../../src/model/fault-spec.ts";
import type { TrialFact } from "../../src/model/journal.ts";
import type { Sample } from "../../src/model/sample.ts";

const poweroff: FaultSpec = { kind: "forced-poweroff", over: "ssh" };
const drain: FaultSpec = { kind: "drain", over: "api" };

const journal = (fault: FaultSpec, gone_ms: SpanMs): readonly TrialRecord[] => {
  const facts: readonly TrialFact[] = [
    { kind: "fault-requested", fault, victim: "a" },
    { kind: "fault-confirmed", gone_ms, evidence: "" },
  ];
  return facts.map((fact, index) => ({
    seq: index + 1,
    at_ms: index,
    wall: "",
    event: { trial: "t", ...fact },
  }));
};

/** Attempts each 250 ms, up to `until`; those that start in `bad` are not answered and end after a second. */
const samples = (until: number, ...bad: readonly SpanMs[]): readonly Sample[] =>
  Array.from({ length: until / 250 }, (_, seq): Sample => {
    const started_ms = seq * 250;
    const isBad = bad.some(([from, to]) => started_ms >= from && started_ms < to);
    return {
      seq,
      trial: "t",
      target: "desktop",
      scheduled_ms: started_ms,
      started_ms,
      ended_ms: started_ms + (isBad ? 1000 : 20),
      result: isBad
        ? { kind: "bad", reached: null, failure: { kind: "timed-out", during: "tcp" } }
        : { kind: "good", instance: null },
    };
  });

const inMs = (span: Span | null): unknown => (span === null ? null : spanInMs(span));

describe("struck", () => {
  it("narrows the death of a machine by its desktop, and the desktop's loss by that", () => {
    const told = struck(journal(poweroff, [9900, 10_100]), samples(20_000, [10_050, 15_000]));
    expect(inMs(told.fault)).toEqual([10_000, 10_100]);
    expect(inMs(told.edges.lost)).toEqual([10_000, 10_100]);
    expect(told.notes).toEqual([]);
  });

  it("lets a machine die with its desktop where that answered after the proof, and says so", () => {
    const told = struck(journal(poweroff, [8900, 9100]), samples(20_000, [10_050, 15_000]));
    expect(inMs(told.fault)).toEqual([10_000, 10_270]);
    expect(inMs(told.edges.lost)).toEqual([10_000, 10_270]);
    expect(told.notes).toEqual([expect.stringContaining("answered after the proof")]);
  });

  it("takes one lost packet before the death of the machine for no loss", () => {
    const lonely = samples(20_000, [10_000, 15_000]);
    const { edges } = struck(journal(poweroff, [10_030, 10_300]), lonely);
    expect(inMs(edges.lost)).toEqual([10_030, 10_270]);
  });

  it("does not take what was over before the machine was dead for its outage", () => {
    const twice = samples(20_000, [9000, 9500], [12_000, 15_000]);
    const { fault, edges } = struck(journal(poweroff, [8900, 12_200]), twice);
    expect(inMs(fault)).toEqual([11_750, 12_200]);
    expect(inMs(edges.back)).toEqual([14_750, 15_020]);
    expect(inMs(struck(journal(drain, [8900, 12_200]), twice).edges.back)).toEqual([9250, 9520]);
  });
});
