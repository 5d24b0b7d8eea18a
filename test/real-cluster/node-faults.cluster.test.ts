import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { judgedRun } from "../support/judged-run.ts";
import { runCli } from "../support/run-cli.ts";
import { DEFAULT_TIMINGS } from "./control-plane.ts";
import { CLUSTER_NAME } from "./layout.ts";
import { sharedCluster } from "./shared-cluster.ts";
import { restartControllerManager, untilAllReady } from "./start-real-cluster.ts";

const shared = sharedCluster();
/** A node is given up sooner than by default, so that three failovers take three minutes. */
const QUICK = { node_monitor_period_ms: 2000, node_monitor_grace_ms: 15_000 };
const EXPERIMENT = "experiments/kubernetes-node-faults.yaml";
const ARMS = ["kubelet-stopped", "network-cut", "drained"];

describe.skipIf(shared.skip)(`faults that leave the machine alive${shared.note}`, () => {
  const output = mkdtempSync(join(tmpdir(), "blackout-real-faults-"));
  const reports = join(output, "reports");
  afterAll(async () => {
    rmSync(output, { recursive: true });
    if (shared.skip) return;
    await restartControllerManager(shared.place(), DEFAULT_TIMINGS);
    await untilAllReady(shared.place());
  });

  it("move the desktop to another worker, and heal: kubelet stopped, network cut, node drained", async () => {
    await restartControllerManager(shared.place(), QUICK);
    await untilAllReady(shared.place());
    const experiment = join(output, "experiment.yaml");
    writeFileSync(experiment, shortened(readFileSync(EXPERIMENT, "utf8")));
    const what = ["run", experiment, "--trials", "1"];
    const where = ["-i", shared.place().inventory, "--cluster", CLUSTER_NAME, "-o", reports];
    const how = ["--yes-kill", CLUSTER_NAME, "--arm", ...ARMS];
    const { code, out, err } = await runCli([...what, ...where, ...how]);
    expect({ code, out, err }).toMatchObject({ code: 0 });
    const [run = ""] = readdirSync(reports);
    const { trials } = await judgedRun(join(reports, run));
    expect(trials.map(({ arm }) => arm).toSorted()).toEqual(ARMS.toSorted());
    for (const trial of trials) {
      expect(trial.outcome).toEqual({ kind: "recovered", instance: "new" });
      expect(trial.after?.node).not.toBe(trial.victim);
      const { outage, recovery } = trial.durations_ms;
      const of = (range: typeof outage): string =>
        range === null
          ? "?"
          : `${(range[0] / 1000).toFixed(1)} .. ${(range[1] / 1000).toFixed(1)} s`;
      process.stderr.write(`${trial.arm}: gone for ${of(outage)}, back after ${of(recovery)}\n`);
    }
    // The pod on a machine that lives serves until the cluster takes its endpoint away.
    const stopped = trials.find(({ arm }) => arm === "kubelet-stopped")?.durations_ms;
    expect(stopped?.outage?.[1]).toBeLessThan((stopped?.recovery?.[0] ?? Number.NaN) / 2);
  });
});

/** A machine that is given up sooner need not be cut off for as long. */
function shortened(experiment: string): string {
  const short = experiment.replace("for: 3m", "for: 75s");
  expect(short).not.toBe(experiment);
  return short;
}
