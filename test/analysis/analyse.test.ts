import { beforeAll, describe, expect, it } from "vitest";
import { analyse } from "../../src/analysis/analyse.ts";
import { mean, median } from "../../src/analysis/quantile.ts";
import { present } from "../../src/base/assert.ts";
import type { RangeMs } from "../../src/base/interval.ts";
import type { RunPlan } from "../../src/model/plan.ts";
import type { ArmReport, RunReport } from "../../src/model/run-report.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { FakeRun, FakeRunOptions } from "../support/fake-run.ts";
import { fakeRun, streamed } from "../support/fake-run.ts";

const report = async (run: FakeRun): Promise<RunReport> =>
  await analyse({ ...run, samples: streamed(run.samples) });

const reportOn = async (options: FakeRunOptions): Promise<RunReport> =>
  await report(fakeRun(options));

const armOf = ({ arms }: RunReport, name: string): ArmReport =>
  present(
    arms.find((arm) => arm.name === name),
    name,
  );

describe("analyse", () => {
  const run = fakeRun();
  let whole: RunReport;
  beforeAll(async () => {
    whole = await report(run);
  });

  it("tells every started trial once, in the order of the plan, and counts how they came out", () => {
    expect(whole.trials.map(({ trial }) => trial)).toEqual(run.plan.trials.map(({ id }) => id));
    const total = (kind: keyof ArmReport["outcomes"]): number =>
      whole.arms.reduce((sum, { outcomes }) => sum + outcomes[kind], 0);
    expect([total("recovered"), total("censored"), total("void")]).toEqual([26, 1, 3]);
    expect([total("refused"), total("interrupted"), total("missing")]).toEqual([0, 0, 0]);
  });

  it("holds the truth of every trial within its intervals", () => {
    for (const { trial, outcome, instants, durations_ms, samples } of whole.trials) {
      const truth = present(run.truths.get(trial), trial);
      if (outcome.kind !== "recovered") continue;
      const [fault, back] = [present(truth.fault_ms, "fault"), present(truth.back_ms, "back")];
      expectWithin(instants.back, back);
      expectWithin(durations_ms.recovery, back - fault);
      expect(samples.flaps).toBeLessThanOrEqual(1);
    }
    expect(whole.trials.filter(({ samples }) => samples.flaps === 1)).toHaveLength(2);
  });

  it("gives statistics over the recovered trials alone, with the range that their errors leave", () => {
    const { statistics } = armOf(whole, "kubernetes");
    const middles = middlesOf(whole, "kubernetes");
    const recovery = present(
      statistics.find(({ measure }) => measure === "recovery"),
      "recovery",
    );
    const { min, median: middle, mean: average, p90, p95, max } = recovery.values_ms;
    expect(recovery.n).toBe(middles.length);
    expect(middle?.value_ms).toBeCloseTo(median(middles), 9);
    expect(average?.value_ms).toBeCloseTo(mean(middles), 9);
    expect(max?.value_ms).toBe(Math.max(...middles));
    expect(p95?.label).toBe(`largest of ${middles.length}`);
    expect(middle?.label).toBeNull();
    for (const value of [min, middle, average, p90, p95, max, recovery.sd_ms]) {
      expectWithin(value?.range_ms, value?.value_ms);
    }
    expectWithin(recovery.median_interval_ms, middle?.value_ms);
  });

  it("says the same of the same facts, and is plain JSON without infinities", async () => {
    expect(await report(run)).toEqual(whole);
    expect(JSON.parse(JSON.stringify(whole))).toEqual(whole);
  });

  it("sets the reference beside the two arms that share it, and says which lies nearer and why neither was fitted", () => {
    const [guest, console] = ["proxmox-guest", "proxmox-console"].map((name) =>
      present(armOf(whole, name).reference, name),
    );
    expect(guest).toMatchObject({
      n: 10,
      median_ms: 134_500,
      mean_ms: 136_400,
      min_ms: 133_000,
      max_ms: 145_000,
    });
    expect(guest?.sd_ms).toBeCloseTo(4351.245, 3);
    const [first] = whole.comparisons;
    expect(whole.comparisons).toHaveLength(1);
    const nearer =
      Math.abs(guest?.shift_ms ?? NaN) < Math.abs(console?.shift_ms ?? NaN)
        ? "proxmox-guest"
        : "proxmox-console";
    expect(first?.nearer).toBe(nearer);
    expect(first?.text).toContain(`The median of ${nearer} lies nearer. No arm was fitted`);
    expect(armOf(whole, "kubernetes").reference).toBeNull();
    expect(guest?.ecdf_distance).toBeGreaterThan(0);
    expect(guest?.ecdf_distance).toBeLessThanOrEqual(1);
  });

  it("fails for the lost trial, and would be inconclusive for the void ones", async () => {
    expect(whole.verdict.name).toBe("fail");
    const told = await reportOn({ fate: (index) => (index === 3 ? "not-steady" : "recovers") });
    expect(told.verdict).toMatchObject({ name: "inconclusive" });
    expect(told.verdict.why).toMatch(/^Too few valid trials: \S+ has 9 of 10\.$/);
    expect((await reportOn({ fate: () => "recovers" })).verdict.name).toBe("pass");
  });

  it("counts planned trials that never started as missing, and says that the run has no end", async () => {
    const told = await reportOn({ diesAfter: 7, fate: () => "recovers" });
    expect(told.trials).toHaveLength(7);
    expect(told.arms.map(({ outcomes }) => outcomes.missing)).toEqual([7, 8, 8]);
    expect([told.end, told.ended_wall, told.verdict.name]).toEqual([null, null, "inconclusive"]);
    expect(whole).toMatchObject({ end: "completed", end_detail: "" });
  });

  it("has something to say of a run that died before its first trial", async () => {
    const told = await reportOn({ diesAfter: 0 });
    expect(told.trials).toEqual([]);
    expect(told.arms[0]?.statistics[0]).toMatchObject({ n: 0, median_interval_ms: null });
    expect(told.comparisons[0]?.nearer).toBeNull();
  });

  it("takes a trial that the run's end cut off for interrupted", async () => {
    const cut = fakeRun({ trials: 1, fate: () => "recovers" });
    const last = cut.plan.trials.at(-1)?.id;
    const records = cut.records.filter(
      ({ event }) =>
        !("trial" in event && event.trial === last && event.kind === "trial-ended") &&
        event.kind !== "run-ended",
    );
    const told = await report({ ...cut, records });
    expect(told.trials.at(-1)?.outcome.kind).toBe("interrupted");
  });

  it("lists a lab's assumptions with their reasons, and none of a real cluster", async () => {
    expect(whole.assumptions).toContainEqual({
      cluster: "lab-pve",
      name: "guest_boot",
      value: "16 s",
      why: expect.stringContaining("Assumed") as string,
    });
    expect(new Set(whole.assumptions.map(({ cluster }) => cluster)).size).toBe(2);
    const real = fakeRun({ trials: 2, fate: () => "recovers" });
    const told = await report({ ...real, plan: { ...real.plan, lab: null } });
    expect(told.assumptions).toEqual([]);
    expect(told.comparisons[0]?.text).toContain("measured on a real cluster");
  });

  it("says which trust was switched off, and nothing where none was", async () => {
    expect(whole.downgrades).toEqual([]);
    const told = await report({ ...run, plan: careless(run.plan) });
    expect(told.downgrades).toEqual([
      "lab-pve: the API's certificate is not verified (tls: insecure)",
      "lab-pve: that the BMC of pve1, pve2, pve3 is its own is asserted, not proven (mapping: asserted)",
    ]);
  });

  it("refuses samples that are not of this run, whose trial the journal has lost, or that come in pieces", async () => {
    const stranger: Sample = { ...present(run.samples[0], "a sample"), trial: "999-stranger-1" };
    await expect(report({ ...run, samples: [stranger] })).rejects.toThrow(
      "the journal knows no trial 999-stranger-1",
    );
    const last = present(run.plan.trials.at(-1), "a trial").id;
    const records = run.records.filter(({ event }) => !("trial" in event && event.trial === last));
    const judging = report({ ...run, records });
    await expect(judging).rejects.toThrow(`it knows nothing of trial ${last}`);
    await expect(judging).rejects.toMatchObject({ code: "environment" });
    const pieces = [...run.samples, present(run.samples[0], "a sample")];
    await expect(report({ ...run, samples: pieces })).rejects.toThrow("come in several places");
  });
});

const middlesOf = ({ trials }: RunReport, name: string): readonly number[] =>
  trials.flatMap(({ arm, outcome, durations_ms: { recovery } }) =>
    arm === name && outcome.kind === "recovered" && recovery !== null
      ? [(recovery[0] + recovery[1]) / 2]
      : [],
  );

function expectWithin(range: RangeMs | null | undefined, value: number | undefined): void {
  const [low, high] = present(range, "the range");
  expect(value).toBeGreaterThanOrEqual(low);
  expect(value).toBeLessThanOrEqual(high);
}

function careless(plan: RunPlan): RunPlan {
  const clusters = plan.inventory.clusters.map((cluster) =>
    cluster.kind === "kubernetes"
      ? cluster
      : {
          ...cluster,
          api: { ...cluster.api, tls: { kind: "insecure" } as const },
          nodes: cluster.nodes.map((node) => ({
            ...node,
            bmc: node.bmc === null ? null : { ...node.bmc, mapping: "asserted" as const },
          })),
        },
  );
  return { ...plan, inventory: { ...plan.inventory, clusters } };
}
