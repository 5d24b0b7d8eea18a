import { describe, expect, it } from "vitest";
import { trialResult } from "../../../src/analysis/trial-results.ts";
import { recordsByTrial } from "../../../src/analysis/trial-facts.ts";
import { present } from "../../../src/base/assert.ts";
import type { SpanMs } from "../../../src/base/interval.ts";
import type { FaultSpec } from "../../../src/model/fault-spec.ts";
import type { JournalRecord, TrialFact } from "../../../src/model/journal.ts";
import type { Prediction } from "../../../src/model/prediction.ts";
import type { TrialResult } from "../../../src/model/trial-result.ts";
import type { FakeFate } from "../../support/fake-trial.ts";
import { fakeRun } from "../../support/fake-run.ts";

const wide = [0, 400_000] as const;
const early = [1000, 2000] as const;

const prediction = (recovery_ms: readonly [number, number]): Prediction => ({
  recovery_ms,
  recovery_median_ms: 50_000,
  phases_ms: { detection: wide, fencing: null, placement: null, start: null, service: null },
  modes: [{ name: "on time", why: "in time", share: 1, recovery_ms }],
  failovers: 300,
});

interface Around {
  readonly fate?: FakeFate;
  /** A renewal, by when the fault struck. */
  readonly renewed?: (fault: number) => SpanMs;
  /** The one that the journal's prediction counts from; not there: its version did not say. */
  readonly counted?: (fault: number) => SpanMs | null;
}

/** The first trial on Kubernetes of a fake run, with a prediction in its journal, and more facts around its timers. */
function judged(
  journalled: Prediction | null,
  { fate = "recovers", renewed, counted }: Around = {},
): TrialResult["prediction"] {
  const { plan, records, samples } = fakeRun({ trials: 1, fate: () => fate });
  const trial = present(
    plan.trials.find(({ arm }) => arm === "kubernetes"),
    "a trial on Kubernetes",
  );
  const own = records.filter(({ event }) => "trial" in event && event.trial === trial.id);
  const asked = own.find(({ event }) => event.kind === "fault-requested");
  const more: JournalRecord[] = [];
  const add = (fact: TrialFact): void => {
    const at = present(asked ?? own.at(-1), "a record");
    more.push({ ...at, event: { trial: trial.id, ...fact } });
  };
  const fault = (asked?.at_ms ?? 0) + 100;
  const renewed_ms = counted === undefined ? {} : { renewed_ms: counted(fault) };
  if (journalled !== null) add({ kind: "prediction", prediction: journalled, ...renewed_ms });
  if (renewed !== undefined) {
    const event = {
      kind: "lease-renewed",
      observed_ms: renewed(fault),
      node: "worker1",
      instance: null,
      stamp: null,
      source: "watch",
      raw: null,
    } as const;
    add({ kind: "control-plane", event });
  }
  const all = recordsByTrial([...own, ...more]).get(trial.id) ?? [];
  const watched = samples.filter((sample) => sample.trial === trial.id);
  return trialResult(plan, trial, { records: all, samples: watched }).prediction;
}

/** After the timers, before the victim died. */
const justBefore = (fault: number): SpanMs => [fault - 200, fault - 150];

describe("a trial's prediction in the report", () => {
  it("is the journal's, and says whether the recovery reached into it", () => {
    const { failovers: _, ...rest } = prediction(wide);
    expect(judged(prediction(wide))).toEqual({ ...rest, inside: true });
    expect(judged(prediction(early))?.inside).toBe(false);
  });

  it("is none without one in the journal, and for a trial that says nothing", () => {
    expect(judged(null)).toBeNull();
    expect(judged(prediction(wide), { fate: "not-confirmed" })).toBeNull();
    expect(judged(prediction(wide), { fate: "never-lost" })).toBeNull();
  });

  it("of a trial that is still down is wrong only when it should have been back", () => {
    expect(judged(prediction(early), { fate: "still-down" })?.inside).toBe(false);
    expect(judged(prediction([0, 1e9]), { fate: "still-down" })?.inside).toBeNull();
  });

  it("is made anew from a renewal that was seen between the timers and the victim's death", () => {
    const anew = judged(prediction(early), { renewed: justBefore });
    // Killed with a lease of nearly 0 s: grace 40 s, up to a period before it and one after, toleration 1 s, start 5 s.
    expect(anew?.recovery_ms[0]).toBeGreaterThan(48_000);
    expect(anew?.recovery_ms[1]).toBeLessThan(58_000);
    const before = judged(prediction(early), { renewed: (fault) => [fault - 9000, fault - 8900] });
    expect(before?.recovery_ms).toEqual(early);
  });

  it("is the journal's where that counts from the latest renewal already, and from no other", () => {
    const from = (counted: Around["counted"]) =>
      judged(prediction(early), {
        renewed: justBefore,
        ...(counted === undefined ? {} : { counted }),
      });
    expect(from(justBefore)?.recovery_ms).toEqual(early);
    const anew = from(undefined);
    expect(anew?.recovery_ms).not.toEqual(early);
    expect(from(() => null)).toEqual(anew);
    expect(from((fault) => [fault - 9200, fault - 9150])).toEqual(anew);
  });
});

/** Of a trial of that fault without a prediction. */
const notesOf = (fault: FaultSpec): readonly string[] => {
  const { plan, records, samples } = fakeRun({ trials: 1, fate: () => "recovers" });
  const trial = present(plan.trials[0], "a trial");
  const own = records.filter(({ event }) => "trial" in event && event.trial === trial.id);
  const asked = own.map((record) =>
    record.event.kind === "fault-requested"
      ? { ...record, event: { ...record.event, fault } }
      : record,
  );
  const why = {
    trial: trial.id,
    kind: "not-predicted",
    detail: "the twin plays no such",
  } as const;
  const all = [...asked, { ...present(own.at(-1), "a record"), event: why }];
  return trialResult(plan, trial, {
    records: recordsByTrial(all).get(trial.id) ?? [],
    samples: samples.filter((sample) => sample.trial === trial.id),
  }).notes;
};

describe("a trial that was not predicted", () => {
  it("says why, unless nobody predicts such faults", () => {
    const why = "not predicted: the twin plays no such";
    expect(notesOf({ kind: "power", action: "off", over: "ipmi" })).toContain(why);
    expect(notesOf({ kind: "drain", over: "api" })).not.toContain(why);
  });
});
