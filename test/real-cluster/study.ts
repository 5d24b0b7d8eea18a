import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { present } from "../../src/base/assert.ts";
import type { RangeMs } from "../../src/base/interval.ts";
import type { TrialResult } from "../../src/model/trial-result.ts";
import { judgedRun } from "../support/judged-run.ts";
import { startCli } from "../support/run-cli.ts";
import { wrongSum } from "../support/wrong-sum.ts";
import { DEFAULT_TIMINGS } from "./control-plane.ts";
import { CLUSTER_NAME } from "./layout.ts";
import { sharedCluster } from "./shared-cluster.ts";
import { restartControllerManager, untilAllReady } from "./start-real-cluster.ts";
import { warmWorkers } from "./warm-workers.ts";

const TRIALS = 3;
/** The thesis's failovers on Kubernetes: ten by hand, 41 to 54 s. */
const THESIS_MS: RangeMs = [41_000, 54_000];
/** "A range no wider than one monitor period + 2 s." */
const WIDEST_MS = DEFAULT_TIMINGS.node_monitor_period_ms + 2000;

/**
 * What a machine with two cores and four clusters on it adds to, or takes from, the start of a pod and the answers by which
 * it is predicted. On an idle one all is well without it; the table says which trials are.
 */
const NOISE_MS = 1000;

/** Runs an experiment's file unchanged, three trials of it, and holds each trial against the twin. */
export function studyOnRealCluster(experiment: string): void {
  const shared = sharedCluster();
  describe.skipIf(shared.skip)(`${experiment}, unchanged, on a real cluster${shared.note}`, () => {
    const outputs: string[] = [];
    afterAll(async () => {
      for (const output of outputs) rmSync(output, { recursive: true });
      if (!shared.skip) await untilAllReady(shared.place());
    });

    beforeAll(async () => {
      if (shared.skip) return;
      await warmWorkers(shared.inventory());
      // What other files' faults left in its taint queue is not to keep this study's pods from eviction.
      await restartControllerManager(shared.place(), DEFAULT_TIMINGS);
    });

    it("recovers elsewhere, in each trial within the twin's prediction for its lease age", async ({
      onTestFailed,
      onTestFinished,
    }) => {
      const output = mkdtempSync(join(tmpdir(), "blackout-real-study-"));
      outputs.push(output);
      onTestFailed(() => tellWhatWasSeen(shared.place().folder, output));
      const what = ["run", `experiments/${experiment}.yaml`, "-i", shared.place().inventory];
      const how = ["--cluster", CLUSTER_NAME, "--trials", String(TRIALS), "-o", output];
      const cli = startCli([...what, ...how, "--yes-kill", CLUSTER_NAME]);
      onTestFinished(async () => {
        // One that did not end in time takes back what it has done.
        cli.child.kill("SIGINT");
        await cli.finished;
      });
      const { code, out, err } = await cli.finished;
      expect(code, `${out}${err}`).toBe(0);
      const [run = ""] = readdirSync(output);
      const { trials } = await judgedRun(join(output, run));
      expect(trials).toHaveLength(TRIALS);
      process.stderr.write(tableOf(experiment, trials));
      for (const trial of trials) {
        expectFailover(trial);
        expectPredicted(trial);
      }
    });
  });
}

/** The last lines of those who decide, before the cluster and the run's folder are removed. */
function tellWhatWasSeen(cluster: string, output: string): void {
  const [run = ""] = readdirSync(output);
  const files = [
    join(output, run, "journal.ndjson"),
    join(cluster, "logs/kube-controller-manager.log"),
  ];
  for (const file of files) {
    const lines = readFileSync(file, "utf8").trimEnd().split("\n").slice(-40);
    process.stderr.write(`\n${file}:\n${lines.map((line) => line.slice(0, 400)).join("\n")}\n`);
  }
}

/** A new instance on another worker, both named, and phases that add up to the recovery. */
function expectFailover(trial: TrialResult): void {
  expect(trial.outcome).toEqual({ kind: "recovered", instance: "new" });
  expect(trial.before?.node).toBe(trial.victim);
  expect(trial.after?.node).toMatch(/^worker-\d$/u);
  expect(trial.after?.node).not.toBe(trial.victim);
  expect(trial.after?.instance).toMatch(/^blackout-/u);
  expect(trial.after?.instance).not.toBe(trial.before?.instance);
  const { detection, fencing, placement, start, service, recovery } = trial.durations_ms;
  const phases = [detection, fencing, placement, start, service];
  const low = sumOf(phases.map((range) => range?.[0] ?? Number.NaN));
  const high = sumOf(phases.map((range) => range?.[1] ?? Number.NaN));
  // Each inner instant ends one phase and begins the next, so that its doubt counts twice in the sums.
  expect(low).toBeLessThanOrEqual(recovery?.[1] ?? Number.NaN);
  expect(high).toBeGreaterThanOrEqual(recovery?.[0] ?? Number.NaN);
  const { waits } = present(trial.explanation, `an explanation of ${trial.trial}`);
  expect(wrongSum({ waits }, present(recovery, "the recovery"))).toEqual([]);
}

function expectPredicted(trial: TrialResult): void {
  const [low, high] = trial.prediction?.recovery_ms ?? [Number.NaN, Number.NaN];
  expect(high - low).toBeLessThanOrEqual(WIDEST_MS + NOISE_MS);
  // As far as the measurement's own error can tell.
  const [soonest, latest] = trial.durations_ms.recovery ?? [Number.NaN, Number.NaN];
  expect(latest).toBeGreaterThanOrEqual(low - NOISE_MS);
  expect(soonest).toBeLessThanOrEqual(high + NOISE_MS);
}

function tableOf(title: string, trials: readonly TrialResult[]): string {
  const lines = trials.map((trial) => {
    const { prediction } = trial;
    const measured = middleOf(trial.durations_ms.recovery);
    const deviation = measured - (prediction?.recovery_median_ms ?? Number.NaN);
    const thesis = measured >= THESIS_MS[0] && measured <= THESIS_MS[1] ? "inside" : "outside";
    return [
      `  ${trial.trial}: lease age ${inSeconds(trial.cycle_age?.age_ms)}`,
      `recovered in ${inSeconds(trial.durations_ms.recovery)} on ${trial.after?.node ?? "?"}`,
      `${prediction?.inside === true ? "inside" : "OUTSIDE"} the predicted ${inSeconds(prediction?.recovery_ms)}, ${(deviation / 1000).toFixed(1)} s off its median`,
      `${thesis} the thesis's 41 .. 54 s`,
    ].join("; ");
  });
  return `\n${title}\n${lines.join("\n")}\n`;
}

const sumOf = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0);
const middleOf = (range: RangeMs | null): number =>
  range === null ? Number.NaN : (range[0] + range[1]) / 2;
const inSeconds = (range: RangeMs | null | undefined): string =>
  range === null || range === undefined
    ? "unknown"
    : `${(range[0] / 1000).toFixed(1)} .. ${(range[1] / 1000).toFixed(1)} s`;
