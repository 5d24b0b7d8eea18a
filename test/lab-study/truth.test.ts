import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { SpanMs } from "../../src/base/interval.ts";
import { present } from "../../src/base/assert.ts";
import { inMs } from "../../src/base/time.ts";
import type { TrialResult } from "../../src/model/trial-result.ts";
import { labSpec, startTestLab } from "../support/lab-child.ts";
import type { Lab, StudyOnLab, Truth } from "../support/lab-study.ts";
import { studyOnLab, truthOf } from "../support/lab-study.ts";
import { clockOf } from "../support/lab-time.ts";
import { wrongSum } from "../support/wrong-sum.ts";

const experiment = `
title: what was measured against what was so
seed: 7
order: interleaved
defaults:
  trials: 2
  fault: { kind: power, action: off, over: ipmi }
arms:
  proxmox-guest:
    cluster: lab-pve
    desktop: { kind: proxmox, source: { kind: clone, template: 9000 }, reach: guest }
    placement: not-crm-master
  kubernetes:
    cluster: lab-k8s
    desktop:
      kind: kubernetes
      image: registry.example/novnc-desktop:1
      toleration: 1s
      reach: ingress
acceptance: [lost == 0]
`;

/** The lab's twins write down what happened when; every interval that the tool measured must hold it. */
describe("a study on the lab", () => {
  let lab: Lab;
  let study: StudyOnLab;
  let truth: readonly Truth[];

  beforeAll(async () => {
    lab = await startTestLab(await labSpec());
    study = await studyOnLab(lab, experiment);
    truth = await truthOf(lab);
  }, 120_000);
  afterAll(async () => {
    await lab.stop();
  });

  const recovered = (arm: string): readonly TrialResult[] =>
    study.trials.filter((trial) => trial.arm === arm && trial.outcome.kind === "recovered");
  const after = (ms: number, match: (event: Truth) => boolean): number =>
    present(
      truth.find((event) => event.at_ms >= ms && match(event)),
      "the twin's event",
    ).at_ms;

  it("recovers every trial on another node with a new instance, and passes", () => {
    expect(study.finished.err).not.toContain("error");
    expect(study.finished.code).toBe(0);
    expect(study.trials.map((trial) => trial.outcome)).toEqual(
      study.trials.map(() => ({ kind: "recovered", instance: "new" })),
    );
    for (const trial of study.trials) expect(trial.after?.node).not.toBe(trial.victim);
  });

  it("holds the twin's instants inside its own intervals, on Proxmox VE", () => {
    expect(recovered("proxmox-guest")).toHaveLength(2);
    for (const trial of recovered("proxmox-guest")) {
      const { instants } = trial;
      const expectWithin = withinUpTo(admittedLateness(trial));
      const victim = trial.victim;
      const start = span(instants.fault)[0] - 1;
      const fault = after(start, (event) => event.kind === "host" && event["node"] === victim);
      expectWithin(fault, span(instants.fault));
      const model = (what: string, node: string | null = victim): number =>
        after(
          fault,
          (event) => event["what"] === what && (node === null || event["node"] === node),
        );
      expectWithin(model("node-unknown"), span(instants.node_lost));
      expectWithin(model("service-moved", null), span(instants.node_chosen));
      expectWithin(guestUp(fault), span(instants.back));
    }
  });

  it("holds the twin's instants inside its own intervals, on Kubernetes", () => {
    expect(recovered("kubernetes")).toHaveLength(2);
    for (const trial of recovered("kubernetes")) {
      const { instants } = trial;
      const expectWithin = withinUpTo(admittedLateness(trial));
      const start = span(instants.fault)[0] - 1;
      const fault = after(
        start,
        (event) => event.kind === "host" && event["node"] === trial.victim,
      );
      expectWithin(fault, span(instants.fault));
      const unknown = after(fault, (event) => event.kind === "node-unknown");
      expectWithin(unknown, span(instants.node_lost));
      expectWithin(
        after(unknown, (event) => event.kind === "endpoint" && hasPods(event)),
        span(instants.back),
      );
    }
  });

  it("tells what a user sees who does not reload", () => {
    for (const trial of study.trials) {
      const { session, victim } = trial;
      const [freeze] = session?.freezes ?? [];
      const since = present(freeze, "a frozen picture").since_ms;
      const start = span(trial.instants.fault)[0] - 1;
      const fault = after(start, (event) => event.kind === "host" && event["node"] === victim);
      withinUpTo(admittedLateness(trial) + inMs(clockOf(lab).floor.lateness))(fault, since);
      expect(present(session, "a held session").end?.how).toBe(
        // A guest keeps its address, and whoever has it now does not know the session; an ingress hangs up on a dead pod.
        trial.arm === "kubernetes" ? "closed" : "reset",
      );
    }
    expect(study.trials.length).toBe(4);
  });

  it("measures the clocks, which are the lab's own: no offset, within what asking takes", () => {
    for (const { clock_offsets } of study.trials) {
      const asked = clock_offsets.map(({ over }) => over);
      expect(asked).toEqual(expect.arrayContaining(["ssh", "http"]));
      for (const { offset_ms } of clock_offsets) {
        expect(offset_ms[0]).toBeLessThanOrEqual(1);
        expect(offset_ms[1]).toBeGreaterThanOrEqual(-1);
      }
    }
  });

  it("explains each recovery by waits that add up to it, none of them untold", () => {
    for (const { trial, arm, explanation, durations_ms } of study.trials) {
      const { waits } = present(explanation, trial);
      expect(wrongSum({ waits }, span(durations_ms.recovery))).toEqual([]);
      const names = waits.map(({ name }) => name);
      expect(names).toContain(arm === "kubernetes" ? "grace period" : "target LRM");
      expect(names.at(-1)).toBe("probe");
    }
  });

  it("predicts every trial before its outcome is known, and holds it against that", () => {
    for (const trial of [...recovered("proxmox-guest"), ...recovered("kubernetes")]) {
      const kinds = study.records.flatMap(({ event }) =>
        "trial" in event && event.trial === trial.trial ? [event.kind] : [],
      );
      expect(kinds).toContain("prediction");
      expect(kinds.indexOf("prediction")).toBeLessThan(kinds.indexOf("answering-again"));
      expect(typeof trial.prediction?.inside).toBe("boolean");
    }
  });

  it("leaves the cluster as it was: no guest, no pod, all nodes on", () => {
    const hosts = new Map(
      truth
        .filter((event) => event.kind === "host")
        .map((event) => [`${event.cluster}/${String(event["node"])}`, event["state"]]),
    );
    expect([...hosts.values()].every((state) => state === "up")).toBe(true);
  });

  /** By how much the lab admits that it was later in this trial than the tool's intervals allow for. */
  function admittedLateness({ trial }: TrialResult): number {
    const during = study.records.filter(({ event }) => "trial" in event && event.trial === trial);
    const [start, end] = [during[0]?.at_ms ?? 0, during.at(-1)?.at_ms ?? 0];
    const late = truth
      .filter(({ kind, at_ms }) => kind === "late" && at_ms >= start && at_ms <= end)
      .map((event) => Number(event["by_ms"]) - inMs(clockOf(lab).floor.lateness));
    return Math.max(0, ...late);
  }

  const guestUp = (since: number): number =>
    after(since, (event) => {
      const state: unknown = event["state"];
      return (
        event.kind === "guest" &&
        typeof state === "object" &&
        state !== null &&
        "phase" in state &&
        state.phase === "up"
      );
    });
});

const hasPods = (event: Truth): boolean => Array.isArray(event["pods"]) && event["pods"].length > 0;

const span = (value: SpanMs | null): SpanMs => present(value, "the measured instant");

/** What is shown late may have been earlier than the tool thinks, never later. The journal keeps microseconds. */
const withinUpTo =
  (latenessMs: number) =>
  (at: number, [low, high]: SpanMs): void => {
    expect(at).toBeGreaterThanOrEqual(low - latenessMs - 0.01);
    expect(at).toBeLessThanOrEqual(high + 0.01);
  };
