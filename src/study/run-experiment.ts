import { describeError } from "../base/errors.ts";
import { present } from "../base/assert.ts";
import { inMs, milliseconds } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Fault } from "../contracts/fault.ts";
import type { Journal, SampleSink } from "../contracts/journal.ts";
import type { Probe } from "../contracts/probe.ts";
import type { Progress } from "../contracts/progress.ts";
import type { Random } from "../contracts/random.ts";
import type { RunEnd } from "../model/journal.ts";
import type { PlannedTrial, RunPlan } from "../model/plan.ts";
import type { TrialEnding } from "./trial-ends.ts";
import { runTrial } from "./run-trial.ts";
import type { ClusterParts } from "./trial-parts.ts";

/** Everything that one run uses, wired by the command line. */
export interface StudyParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly samples: SampleSink;
  readonly probe: Probe;
  readonly progress: Progress;
  readonly clusters: ReadonlyMap<string, ClusterParts>;
  /** The fault of each arm. */
  readonly faults: ReadonlyMap<string, Fault>;
}

export interface ExperimentEnding {
  readonly end: RunEnd;
  readonly detail: string;
}

/** Runs the planned trials one after the other, until the last one or one that must be the last. */
export async function runExperiment(
  plan: RunPlan,
  parts: StudyParts,
  stop: AbortSignal,
): Promise<ExperimentEnding> {
  await runStarted(plan, parts, stop);
  let ending: ExperimentEnding = { end: "completed", detail: "" };
  for (const trial of plan.trials) {
    if (stop.aborted) ending = { end: "interrupted", detail: describeError(stop.reason) };
    if (ending.end !== "completed") break;
    ending = endingAfter(trial, await oneTrial(plan, trial, parts, stop));
    if (ending.end === "completed") await coolDown(plan, trial, parts, stop);
  }
  await parts.journal.commit({ kind: "run-ended", end: ending.end, detail: ending.detail });
  return ending;
}

async function runStarted(plan: RunPlan, parts: StudyParts, stop: AbortSignal): Promise<void> {
  const { clock, journal } = parts;
  parts.progress.runStarted(plan);
  await journal.commit({
    kind: "run-started",
    format: 1,
    run: plan.run,
    tool: plan.tool,
    seed: plan.experiment.seed,
    clock: {
      speed: clock.speed,
      deadline_floor_ms: inMs(clock.floor.deadline),
      period_floor_ms: inMs(clock.floor.period),
    },
  });
  for (const [cluster, { driver }] of parts.clusters) {
    const identity = await driver.identify(stop);
    await journal.append({ kind: "cluster-identified", cluster, identity });
  }
}

async function oneTrial(
  plan: RunPlan,
  trial: PlannedTrial,
  parts: StudyParts,
  stop: AbortSignal,
): Promise<TrialEnding> {
  const arm = armOf(plan, trial);
  const ending = await runTrial(
    {
      ...parts,
      run: plan.run,
      trial,
      arm,
      cluster: present(parts.clusters.get(arm.cluster), `cluster ${arm.cluster}`),
      fault: present(parts.faults.get(arm.name), `the fault of arm ${arm.name}`),
      random: parts.random.fork(trial.id),
    },
    stop,
  );
  parts.progress.trialEnded(trial);
  return ending;
}

function endingAfter(trial: PlannedTrial, ending: TrialEnding): ExperimentEnding {
  const detail = `trial ${trial.id}: ${ending.detail}`;
  if (!ending.restored || ending.stopRun) return { end: "not-restored", detail };
  if (ending.end === "refused") return { end: "refused", detail };
  if (ending.end === "interrupted") return { end: "interrupted", detail };
  return { end: "completed", detail: "" };
}

async function coolDown(
  plan: RunPlan,
  trial: PlannedTrial,
  parts: StudyParts,
  stop: AbortSignal,
): Promise<void> {
  if (trial === plan.trials.at(-1)) return;
  try {
    await parts.clock.sleep(milliseconds(armOf(plan, trial).cooldown_ms), stop);
  } catch (error) {
    if (!stop.aborted) throw error;
  }
}

const armOf = (plan: RunPlan, trial: PlannedTrial): RunPlan["experiment"]["arms"][number] =>
  present(
    plan.experiment.arms.find((arm) => arm.name === trial.arm),
    `arm ${trial.arm}`,
  );
