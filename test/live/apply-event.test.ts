import { describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import { applyEvent } from "../../src/live/apply-event.ts";
import type { LiveState, LiveTrial } from "../../src/live/live-state.ts";
import { nothingYet } from "../../src/live/live-state.ts";
import { phaseAt } from "../../src/live/phase-clock.ts";
import type { FakeFate } from "../support/fake-trial.ts";
import { fakeRun } from "../support/fake-run.ts";
import type { Told } from "../support/told-run.ts";
import { expectation as expected, toldRun } from "../support/told-run.ts";

const told = (fate: FakeFate): Told =>
  toldRun(fakeRun({ trials: 1, fate: () => fate }), { expected });

/** The last state in which its first trial is under way. */
const lastOfFirst = (run: Told): LiveTrial =>
  present(
    run.findLast(([, { results, trial }]) => results.length === 0 && trial !== null)?.[1].trial,
    "trial",
  );

/** The first of a trial that fits. */
const when = (run: Told, fits: (trial: LiveTrial) => boolean): LiveTrial =>
  present(run.find(([, { trial }]) => trial !== null && fits(trial))?.[1].trial, "such a state");

const finalOf = (run: Told): LiveState => present(run.at(-1), "an event")[1];

const renewedAt = (at_ms: number) =>
  ({
    kind: "lease-renewed",
    observed_ms: [at_ms - 1, at_ms],
    node: "pve2",
    instance: null,
    stamp: null,
    source: "watch /fake",
    raw: null,
  }) as const;

describe("applyEvent", () => {
  it("of a run that recovers has each trial's result, as the analysis measures it", () => {
    const { results, run, trial, ended, judged } = finalOf(told("recovers"));
    expect(results.map(({ arm, outcome }) => [arm, outcome?.kind])).toEqual([
      ["proxmox-guest", "recovered"],
      ["proxmox-console", "recovered"],
      ["kubernetes", "recovered"],
    ]);
    expect(results.every(({ durations_ms }) => durations_ms.recovery !== null)).toBe(true);
    expect([run?.trials, trial, ended?.end, judged?.verdict]).toEqual([
      3,
      null,
      "completed",
      "pass",
    ]);
  });

  it.each([
    ["still-down", "censored"],
    ["never-lost", "void"],
    ["not-confirmed", "void"],
    ["not-steady", "void"],
    ["refused", "refused"],
    ["flaps", "recovered"],
  ] as const)("of a trial that is %s ends with %s", (fate, outcome) => {
    const { results } = finalOf(told(fate));
    expect(results.map((each) => each.outcome?.kind)).toEqual([outcome, outcome, outcome]);
  });

  it("has phases that follow one another, and add up to what the result says", () => {
    const run = told("recovers");
    const { phases, outage, fault_ms } = lastOfFirst(run);
    expect(phases.map(({ phase, state }) => [phase, state])).toEqual([
      ["detection", "done"],
      ["fencing", "done"],
      ["placement", "done"],
      ["start", "done"],
      ["service", "done"],
    ]);
    const { recovery } = present(finalOf(run).results[0], "a result").durations_ms;
    const sum = phases.reduce((total, { took_ms }) => total + (took_ms ?? 0), 0);
    const [low, high] = present(recovery, "a recovery");
    expect(sum).toBeGreaterThanOrEqual(low);
    expect(sum).toBeLessThanOrEqual(high);
    expect(sum).toBeCloseTo(
      (outage.back_ms ?? 0) - ((fault_ms?.[0] ?? 0) + (fault_ms?.[1] ?? 0)) / 2,
      6,
    );
  });

  it("ticks one phase against what is expected, before the trial has a prediction of its own", () => {
    const run = told("recovers");
    expect(when(run, () => true).phases.map(({ state }) => state)).toEqual(
      Array(5).fill("waiting"),
    );
    const { phases, requested_ms } = when(run, ({ requested_ms: asked }) => asked !== null);
    expect(phases.map(({ state }) => state)).toEqual(["running", ...Array(4).fill("waiting")]);
    const detection = present(phases[0], "detection");
    const after = (ms: number) => phaseAt(detection, (requested_ms ?? 0) + ms);
    expect(after(4000)).toEqual({ lasted_ms: 4000, against: "inside" });
    expect(after(8001)).toEqual({ lasted_ms: 8001, against: "late" });
    const halfKnown = { ...detection, error_ms: 500, predicted_ms: [5400, 7600] } as const;
    expect(phaseAt(halfKnown, (requested_ms ?? 0) + 8400).against).toBe("inside");
    expect(phaseAt(halfKnown, (requested_ms ?? 0) + 8600).against).toBe("late");
    const over = { ...halfKnown, state: "done", took_ms: 4600 } as const;
    expect(phaseAt(over, 0)).toEqual({ lasted_ms: 4600, against: "inside" });
    expect(phaseAt({ ...over, took_ms: 4400 }, 0).against).toBe("early");
    expect(phaseAt(present(phases[1], "fencing"), 1e9)).toEqual({
      lasted_ms: null,
      against: "unknown",
    });
  });

  it("takes the trial's own prediction as soon as there is one", () => {
    const run = told("recovers");
    const [, state] = present(
      run.find(([, { trial }]) => trial?.requested_ms !== undefined && trial.requested_ms !== null),
      "a fault",
    );
    const trial = present(state.trial, "a trial");
    const own = {
      recovery_ms: [1, 2],
      phases_ms: { ...expected.phases_ms, detection: [3, 4] },
    } as const;
    const prediction = { ...own, recovery_median_ms: 1, modes: [], failovers: 1 };
    const event = { kind: "prediction", trial: trial.trial, prediction } as const;
    const { trial: after } = applyEvent(state, { kind: "record", seq: 1, at_ms: 1, event });
    expect([trial.predicted_ms, after?.predicted_ms]).toEqual([
      [120_000, 140_000],
      [1, 2],
    ]);
    expect(after?.phases[0]?.predicted_ms).toEqual([3, 4]);
  });

  it("goes back to what is expected of the arm when a renewal is told that the prediction did not know", () => {
    const run = told("recovers");
    const [, state] = present(
      run.find(([event]) => event.kind === "record" && event.event.kind === "fault-confirmed"),
      "a fault",
    );
    const { trial: id, fault_ms } = present(state.trial, "a trial");
    const [gone] = present(fault_ms, "the death");
    const prediction = {
      recovery_ms: [1, 2],
      phases_ms: expected.phases_ms,
      recovery_median_ms: 1,
      modes: [],
      failovers: 1,
    } as const;
    const events = [
      { kind: "prediction", trial: id, prediction },
      { kind: "control-plane", trial: id, event: renewedAt(gone + 60_000) },
      { kind: "control-plane", trial: id, event: renewedAt(gone) },
    ] as const;
    const shown = events.map((_, index) => {
      let after = state;
      for (const event of events.slice(0, index + 1)) {
        after = applyEvent(after, { kind: "record", seq: 1, at_ms: 1, event });
      }
      return after.trial?.predicted_ms;
    });
    expect(shown).toEqual([[1, 2], [1, 2], expected.recovery_ms]);
  });

  it("knows how far an attempt gets: all layers before, none that it cannot see when the host is dead", () => {
    const run = told("recovers");
    const up = when(run, ({ layers }) => layers.some(({ state }) => state === "good"));
    expect(up.layers.map(({ layer, state }) => [layer, state])).toEqual(
      ["tcp", "http", "websocket", "rfb", "frame"].map((layer) => [layer, "good"]),
    );
    const dead = when(run, ({ outage }) => outage.lost_ms !== null);
    expect(dead.layers.map(({ state }) => state)).toEqual(["bad", ...Array(4).fill("unknown")]);
    expect(lastOfFirst(run).layers.every(({ state }) => state === "good")).toBe(true);
  });

  it("does not let an attempt that ends late undo what a later one saw", () => {
    const [event, state] = present(
      told("recovers").findLast(([{ kind }, { trial }]) => kind === "sample" && trial !== null),
      "a sample",
    );
    if (event.kind !== "sample") throw new Error("no sample");
    const late = {
      ...event.sample,
      seq: event.sample.seq - 5,
      result: { kind: "bad", reached: null, failure: { kind: "timed-out", during: "tcp" } },
    } as const;
    const { trial } = applyEvent(state, { ...event, sample: late });
    expect(trial?.layers).toEqual(state.trial?.layers);
    expect(trial?.spells).toEqual(state.trial?.spells);
  });

  it("takes a desktop that flaps for back only when it stays", () => {
    const run = told("flaps");
    const { spells, outage } = lastOfFirst(run);
    const afterFault = spells.slice(spells.findIndex(({ kind }) => kind === "silent"));
    expect(afterFault.filter(({ kind }) => kind === "answering").length).toBeGreaterThan(1);
    expect(outage.back_ms).toBeGreaterThan(afterFault.at(-1)?.from_ms ?? 0);
  });

  it("shows no phases where the machine does not die", () => {
    const run = fakeRun({ trials: 1 });
    const arms = run.plan.experiment.arms.map((arm) => ({
      ...arm,
      fault: { kind: "drain", over: "api" } as const,
    }));
    const plan = { ...run.plan, experiment: { ...run.plan.experiment, arms } };
    expect(lastOfFirst(toldRun({ ...run, plan })).phases).toEqual([]);
  });

  it("is plain JSON throughout, and never changes a state that was handed out", () => {
    const run = toldRun(fakeRun({ trials: 2 }), { expected });
    const first = JSON.stringify(run.map(([, state]) => state));
    for (const [, state] of run) expect(JSON.parse(JSON.stringify(state))).toEqual(state);
    let state = nothingYet;
    for (const [event] of run) state = applyEvent(state, event);
    expect(state).toEqual(finalOf(run));
    expect(JSON.stringify(run.map(([, each]) => each))).toBe(first);
  });

  it("ignores what is of a trial that is not under way", () => {
    const event = { kind: "step", trial: "none", doing: "nothing", at_ms: 5 } as const;
    expect(applyEvent(nothingYet, event)).toEqual({ ...nothingYet, at_ms: 5 });
  });

  it("says why it stops, as one plain line", () => {
    const why = "interrupted by \u001b[31mthe page\n";
    expect(applyEvent(nothingYet, { kind: "stopping", why, at_ms: 1 }).stopping).toBe(
      "interrupted by the page",
    );
  });
});
