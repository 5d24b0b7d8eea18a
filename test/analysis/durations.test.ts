import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { durationsOf } from "../../src/analysis/durations.ts";
import { milestonesOf } from "../../src/analysis/milestones.ts";
import type { SpanMs } from "../../src/base/interval.ts";
import { spanFromMs } from "../../src/base/interval.ts";
import type { ControlPlaneEvent, ControlPlaneEventKind } from "../../src/model/cluster-facts.ts";
import type { TrialInstants } from "../../src/model/trial-result.ts";

const phases = ["detection", "fencing", "placement", "start", "service"] as const;

const instants = (
  steps: readonly number[],
  blur: (index: number, at: number) => SpanMs,
): TrialInstants => {
  const at = (index: number): SpanMs =>
    blur(
      index,
      steps.slice(0, index + 1).reduce((total, each) => total + each, 0),
    );
  return {
    fault: at(0),
    lost: at(0),
    node_lost: at(1),
    fenced: at(2),
    node_chosen: at(3),
    instance_started: at(4),
    back: at(5),
  };
};

const gaps = fc.array(fc.nat(60_000), { minLength: 6, maxLength: 6 });

describe("durationsOf", () => {
  it("adds the five phases up to the recovery when all instants are exact", () => {
    fc.assert(
      fc.property(gaps, (steps) => {
        const { durations_ms } = durationsOf(instants(steps, (_, at) => [at, at]));
        const total = phases.reduce((sum, phase) => sum + (durations_ms[phase]?.[0] ?? NaN), 0);
        expect(durations_ms.recovery).toEqual([total, total]);
        expect(durations_ms.outage).toEqual([total, total]);
      }),
      { seed: 1 },
    );
  });

  it("keeps every true duration in its range, and the recovery in that of the sums, when instants are not", () => {
    const blurs = fc.array(fc.tuple(fc.nat(2000), fc.nat(2000)), { minLength: 6, maxLength: 6 });
    fc.assert(
      fc.property(gaps, blurs, (steps, errors) => {
        const { durations_ms } = durationsOf(
          instants(steps, (index, at) => {
            const [early, late] = errors[index] ?? [0, 0];
            return [at - early, at + late];
          }),
        );
        for (const [index, phase] of phases.entries()) {
          const truth = steps[index + 1] ?? NaN;
          expect(durations_ms[phase]?.[0]).toBeLessThanOrEqual(truth);
          expect(durations_ms[phase]?.[1]).toBeGreaterThanOrEqual(truth);
        }
        const total = (end: 0 | 1): number =>
          phases.reduce((sum, phase) => sum + (durations_ms[phase]?.[end] ?? NaN), 0);
        const recovery = steps.slice(1).reduce((sum, step) => sum + step, 0);
        for (const [low, high] of [durations_ms.recovery ?? [NaN, NaN], [total(0), total(1)]]) {
          expect(low).toBeLessThanOrEqual(recovery);
          expect(high).toBeGreaterThanOrEqual(recovery);
        }
      }),
      { seed: 2 },
    );
  });

  it("says why a duration is null, by the instant that is missing", () => {
    const told = durationsOf({
      ...instants([0, 1, 1, 1, 1, 1], (_, at) => [at, at]),
      fenced: null,
      back: null,
    });
    expect(told.durations_ms).toMatchObject({ recovery: null, fencing: null, detection: [1, 1] });
    expect(told.not_measured).toEqual({
      recovery: "the endpoint was not seen back for good",
      outage: "the endpoint was not seen back for good",
      fencing: "no fencing was seen",
      placement: "no fencing was seen",
      service: "the endpoint was not seen back for good",
    });
  });
});

const event = (
  kind: ControlPlaneEventKind,
  observed_ms: SpanMs,
  node: string | null,
): ControlPlaneEvent => ({
  kind,
  observed_ms,
  node,
  instance: null,
  stamp: null,
  source: "test",
  raw: null,
});

describe("milestonesOf", () => {
  const fault = spanFromMs([1000, 1100]);
  const back = spanFromMs([9000, 9200]);

  it("takes the first of each step after the fault, and never one from before it", () => {
    const events = [
      event("node-lost", [100, 200], "victim"),
      event("node-lost", [900, 1900], "victim"),
      event("node-lost", [2900, 3900], "victim"),
      event("fenced", [3000, 4000], "victim"),
      event("node-chosen", [3000, 4000], "heir"),
      event("instance-started", [5000, 6000], "heir"),
    ];
    expect(milestonesOf(events, fault, back, "victim")).toEqual({
      node_lost: [1000, 1900],
      fenced: [3000, 4000],
      node_chosen: [3000, 4000],
      instance_started: [5000, 6000],
    });
  });

  it("takes another node's loss for none of the victim's", () => {
    const events = [event("node-lost", [2000, 3000], "other")];
    expect(milestonesOf(events, fault, back, "victim").node_lost).toBeNull();
  });

  it("takes the last start before the desktop was back, since a start may be tried again", () => {
    const events = [
      event("node-chosen", [2000, 3000], "first"),
      event("instance-started", [3000, 4000], "first"),
      event("node-chosen", [4000, 5000], "second"),
      event("instance-started", [7000, 8000], "second"),
      event("instance-started", [9500, 9600], "third"),
    ];
    const { node_chosen, instance_started } = milestonesOf(events, fault, back, "victim");
    expect([node_chosen, instance_started]).toEqual([
      [4000, 5000],
      [7000, 8000],
    ]);
  });
});
