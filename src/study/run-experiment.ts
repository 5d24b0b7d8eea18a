import { describeError, OperatingError } from "../base/errors.ts";
import { present } from "../base/assert.ts";
import { inMs, milliseconds } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Fault } from "../contracts/fault.ts";
import type { HookRunner } from "../contracts/hook-runner.ts";
import type { Journal, SampleSink } from "../contracts/journal.ts";
import type { Predict } from "../contracts/predict.ts";
import type { Probe } from "../contracts/probe.ts";
import type { Progress, RunEnding } from "../contracts/progress.ts";
import type { Random } from "../contracts/random.ts";
import type { DesktopViews, PictureSink } from "../contracts/viewing.ts";
import type { PlannedTrial, RunPlan } from "../model/plan.ts";
import { LocksOfRun } from "./lock/locks-of-run.ts";
import type { TrialEnding } from "./trial-ends.ts";
import { runTrial } from "./run-trial.ts";
import type { Spent } from "./spent.ts";
import { StudyHooks } from "./study-hooks.ts";
import type { ClusterParts } from "./trial-parts.ts";

/** Everything that one run uses, wired by the command line. */
export interface StudyParts {
  /** Who runs this, for whoever finds the clusters locked: `ada@bench, process 4711`. */
  readonly owner: string;
  /** It goes on with what another process began; `plan.trials` are those that are missing. */
  readonly resumed: boolean;
  readonly clock: Clock;
  readonly random: Random;
  readonly journal: Journal;
  readonly samples: SampleSink;
  readonly probe: Probe;
  readonly views: DesktopViews;
  readonly pictures: PictureSink;
  readonly predict: Predict;
  readonly progress: Progress;
  readonly clusters: ReadonlyMap<string, ClusterParts>;
  /** The fault of each arm. */
  readonly faults: ReadonlyMap<string, Fault>;
  readonly spent: Spent;
  /** How the user's own commands are run. */
  readonly hookRunner: HookRunner;
}

/**
 * Runs the planned trials one after the other, until the last one or one that must be the last, with the locks of all
 * clusters held. What is still owed then stays in them. What the user wants run before and after is run even when all
 * else fails. Rejects before the first act, or not at all.
 */
export async function runExperiment(
  plan: RunPlan,
  parts: StudyParts,
  stop: AbortSignal,
): Promise<RunEnding> {
  const ending = await courseOf(plan, parts, stop);
  parts.progress.runEnded(ending);
  return ending;
}

async function courseOf(plan: RunPlan, parts: StudyParts, stop: AbortSignal): Promise<RunEnding> {
  await runStarted(plan, parts);
  const stopped = await identifyAll(parts, stop);
  if (stopped !== null) return await noted(stopped, parts);
  const hooks = hooksOf(plan, parts);
  let ending: RunEnding = { end: "failed", detail: "" };
  try {
    const failure = await hooks.before("before_run", { trial: null, facts: {} }, stop);
    ending =
      failure === null || stop.aborted
        ? await underLocks(plan, { ...parts, hooks }, stop)
        : { end: "refused", detail: failure };
    ending = await noted(ending, parts);
  } finally {
    const facts = { END: ending.end, DETAIL: ending.detail };
    await hooks.after("after_run", { trial: null, facts });
  }
  return ending;
}

const hooksOf = (plan: RunPlan, { hookRunner: runner, journal, progress, clusters }: StudyParts) =>
  new StudyHooks({
    hooks: plan.experiment.hooks,
    runner,
    journal,
    progress,
    facts: {
      RUN: plan.run,
      EXPERIMENT: plan.experiment.name,
      CLUSTER: [...clusters.keys()].join(","),
    },
  });

async function underLocks(
  plan: RunPlan,
  parts: StudyParts & { readonly hooks: StudyHooks },
  stop: AbortSignal,
): Promise<RunEnding> {
  const holder = { run: plan.run, owner: parts.owner };
  const locks = new LocksOfRun({ journal: parts.journal, clock: parts.clock, holder });
  const refusal = await lockAll(locks, parts, stop);
  const ending = refusal ?? (await allTrials(plan, { ...parts, locks }, stop));
  parts.progress.step(null, "giving the clusters' locks back");
  const left = await locks.release();
  if (left.length === 0) return ending;
  const detail = `${ending.detail} could not give back ${left.join("; ")}`.trim();
  return { end: "not-restored", detail };
}

/** Null: all are ours. */
async function lockAll(
  locks: LocksOfRun,
  { clusters, progress }: StudyParts,
  stop: AbortSignal,
): Promise<RunEnding | null> {
  progress.step(null, "taking the clusters' locks");
  try {
    for (const [cluster, { driver }] of clusters) {
      const holder = await locks.take(cluster, driver.lock, stop);
      if (holder !== null) return { end: "refused", detail: `${cluster}: ${holder}` };
    }
    return null;
  } catch (error) {
    // A journal that cannot be written says nothing of the lock, nor of safety.
    const isOurs = error instanceof OperatingError && error.code === "environment";
    const end = stop.aborted ? "interrupted" : isOurs ? "failed" : "refused";
    return { end, detail: `a cluster's lock could not be taken: ${describeError(error)}` };
  }
}

type TrialWorld = StudyParts & { readonly hooks: StudyHooks; readonly locks: LocksOfRun };

async function allTrials(plan: RunPlan, parts: TrialWorld, stop: AbortSignal): Promise<RunEnding> {
  let ending: RunEnding = { end: "completed", detail: "" };
  for (const trial of plan.trials) {
    if (stop.aborted) ending = { end: "interrupted", detail: describeError(stop.reason) };
    if (ending.end !== "completed") break;
    ending = endingAfter(trial, await oneTrial(plan, trial, parts, stop));
    if (ending.end === "completed") await coolDown(plan, trial, parts, stop);
  }
  return ending;
}

/** A journal that cannot be written any more has stopped the run; it does not hide how the run ended. */
async function noted(ending: RunEnding, { journal }: StudyParts): Promise<RunEnding> {
  try {
    await journal.commit({ kind: "run-ended", ...ending });
    return ending;
  } catch (error) {
    if (ending.end !== "completed") return ending;
    return { end: "failed", detail: describeError(error) };
  }
}

async function runStarted(plan: RunPlan, parts: StudyParts): Promise<void> {
  const { clock, journal } = parts;
  parts.progress.runStarted(plan);
  await journal.commit(
    parts.resumed
      ? { kind: "run-resumed", owner: parts.owner, tool: plan.tool }
      : {
          kind: "run-started",
          format: 1,
          run: plan.run,
          owner: parts.owner,
          tool: plan.tool,
          seed: plan.experiment.seed,
          clock: {
            speed: clock.speed,
            deadline_floor_ms: inMs(clock.floor.deadline),
            period_floor_ms: inMs(clock.floor.period),
          },
        },
  );
}

/** Null: all told who they are. */
async function identifyAll(
  { clusters, journal, progress }: StudyParts,
  stop: AbortSignal,
): Promise<RunEnding | null> {
  progress.step(null, "identifying the clusters");
  try {
    for (const [cluster, { driver }] of clusters) {
      const identity = await driver.identify(stop);
      await journal.append({ kind: "cluster-identified", cluster, identity });
    }
    return null;
  } catch (error) {
    if (!stop.aborted) throw error;
    return { end: "interrupted", detail: describeError(stop.reason) };
  }
}

async function oneTrial(
  plan: RunPlan,
  trial: PlannedTrial,
  parts: TrialWorld,
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
      lock: present(parts.locks.get(arm.cluster), `the lock of cluster ${arm.cluster}`),
      fault: present(parts.faults.get(arm.name), `the fault of arm ${arm.name}`),
      random: parts.random.fork(trial.id),
      overrides: plan.experiment.overrides,
    },
    stop,
  );
  parts.progress.trialEnded(trial);
  return ending;
}

function endingAfter(trial: PlannedTrial, ending: TrialEnding): RunEnding {
  const detail = `trial ${trial.id}: ${ending.detail}`;
  if (!ending.restored || ending.stopRun === "other-node-lost") {
    return { end: "not-restored", detail };
  }
  if (ending.stopRun === "journal-broken") return { end: "failed", detail };
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
  parts.progress.step(null, "resting until the next trial");
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
