import { expect, it } from "vitest";
import { analyseTrial } from "../../src/analysis/analyse-trial.ts";
import type { TrialRecord } from "../../src/analysis/trial-facts.ts";
import { recordsByTrial } from "../../src/analysis/trial-facts.ts";
import { present } from "../../src/base/assert.ts";
import { fakeRun } from "../support/fake-run.ts";

it("a trial whose timers were read again before the kill is as old as they said last", () => {
  const { plan, records, samples } = fakeRun({ trials: 1, fate: () => "recovers" });
  const trial = present(
    plan.trials.find(({ arm }) => arm === "kubernetes"),
    "a trial on Kubernetes",
  );
  const own = present(recordsByTrial(records).get(trial.id), "its records");
  const watched = samples.filter((sample) => sample.trial === trial.id);
  const ageIn = (told: readonly TrialRecord[]) =>
    present(analyseTrial(trial, told, watched).cycle_age, "an age").age_ms;
  const again = own.flatMap((record) => {
    const { event } = record;
    if (event.kind !== "timers" || event.timers.kind !== "kubernetes") return [record];
    const [low, high] = present(event.timers.lease_age_ms, "an age");
    const lease_age_ms = [low + 3000, high + 3000] as const;
    return [record, { ...record, event: { ...event, timers: { ...event.timers, lease_age_ms } } }];
  });
  const [low, high] = ageIn(own);
  expect(ageIn(again)).toEqual([low + 3000, high + 3000]);
});
