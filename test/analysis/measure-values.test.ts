import { describe, expect, it } from "vitest";
import { measureValues } from "../../src/analysis/measure-values.ts";
import { after, censored, ended, recovered, voided } from "./trials.ts";

describe("measureValues", () => {
  it("takes recovered trials by their intervals and censored ones by their bounds, and void ones not at all", () => {
    const trials = [after(130), voided, censored(600), ended({ kind: "refused", why: "" })];
    expect(measureValues(trials, "recovery")).toEqual({
      values_ms: [[129_900, 130_100]],
      longer_than_ms: [600_000],
    });
  });

  it("takes an outage that nobody saw for one of at most what may go unseen", () => {
    const trials = [ended({ kind: "no-outage", shorter_than_ms: 270 })];
    expect(measureValues(trials, "outage").values_ms).toEqual([[0, 270]]);
    expect(measureValues(trials, "detection").values_ms).toEqual([]);
    const unknown = [ended({ kind: "no-outage", shorter_than_ms: null })];
    expect(measureValues(unknown, "outage")).toEqual({ values_ms: [], longer_than_ms: [] });
  });

  it("leaves out a recovered trial in which a phase was not seen, and keeps a censored one's that was", () => {
    const seen = recovered([100, 110], { detection: [40, 50] });
    const lost = { ...seen, outcome: { kind: "censored", longer_than_ms: 90 } } as const;
    const unseen = { ...lost, durations_ms: { ...lost.durations_ms, detection: null } };
    expect(measureValues([seen, after(3), lost, unseen], "detection")).toEqual({
      values_ms: [
        [40, 50],
        [40, 50],
      ],
      longer_than_ms: [],
    });
  });
});
