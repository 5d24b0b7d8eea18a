import { durationMeasures, phases } from "../../model/experiment.ts";
import type { ArmReport, RunReport } from "../../model/run-report.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { measureMeaning } from "../words.ts";
import type { Column } from "./column.ts";
import { boolean, ends, integer, number, range, seconds, text } from "./column.ts";

export interface TrialRow {
  readonly trial: TrialResult;
  readonly report: RunReport;
  /** Undefined: the plan has no such arm. */
  readonly arm: ArmReport | undefined;
}

/** The rows of a run, in the order of its trials. */
export function trialRows(report: RunReport): readonly TrialRow[] {
  const arms = new Map(report.arms.map((arm) => [arm.name, arm]));
  return report.trials.map((trial) => ({ trial, report, arm: arms.get(trial.arm) }));
}

const which: readonly Column<TrialRow>[] = [
  text("run", "the run that the trial belongs to", ({ report }) => report.run),
  text("trial", "its name, unique in the run", ({ trial }) => trial.trial),
  text("arm", "the condition that it repeats", ({ trial }) => trial.arm),
  text("cluster", "the inventory's name of the cluster", ({ arm }) => arm?.cluster),
  integer(
    "repetition",
    { meaning: "which repetition of its arm, from 1" },
    ({ trial }) => trial.repetition,
  ),
  integer(
    "trial_seed",
    { meaning: "decides what is left to chance in the trial" },
    ({ trial }) => trial.seed,
  ),
  integer(
    "experiment_seed",
    { meaning: "decides what is left to chance in the run" },
    ({ report }) => report.experiment.seed,
  ),
  text(
    "started_wall",
    "when it started by the wall clock, ISO 8601; a label only",
    ({ trial }) => trial.started_wall,
  ),
];

const ending: readonly Column<TrialRow>[] = [
  text(
    "outcome",
    "recovered, no-outage, censored (still down at its limit), void, refused or interrupted",
    ({ trial }) => trial.outcome.kind,
  ),
  text(
    "answering_instance",
    "who answers after a recovery: new, same or unknown instance",
    ({ trial: { outcome } }) => ("instance" in outcome ? outcome.instance : null),
  ),
  seconds("longer_than_s", "of a censored trial: its recovery takes longer than this", (row) =>
    row.trial.outcome.kind === "censored" ? row.trial.outcome.longer_than_ms : null,
  ),
  text("why", "why it is void, was refused or interrupted", ({ trial: { outcome } }) =>
    "why" in outcome ? outcome.why : null,
  ),
];

const whereabouts: readonly Column<TrialRow>[] = [
  text("victim", "the node that the fault took away", ({ trial }) => trial.victim),
  boolean(
    "victim_was_master",
    "Proxmox VE: the victim was the CRM master",
    ({ trial }) => trial.victim_was_master,
  ),
  text(
    "cycle_age_of",
    "what the cycle's age is of: agent-lock (Proxmox VE) or lease (Kubernetes)",
    ({ trial }) => trial.cycle_age?.of,
  ),
  ...range<TrialRow>(
    "cycle_age",
    "age of the victim's agent lock or Lease when the fault struck",
    ({ trial }) => trial.cycle_age?.age_ms,
  ),
  text("node_before", "where the desktop ran before", ({ trial }) => trial.before?.node),
  text("node_after", "where it ran afterwards", ({ trial }) => trial.after?.node),
  text(
    "instance_before",
    "the cluster's name of its instance before",
    ({ trial }) => trial.before?.instance,
  ),
  text(
    "instance_after",
    "the cluster's name of its instance afterwards",
    ({ trial }) => trial.after?.instance,
  ),
  text(
    "answering_before",
    "who answered before, by the name that it gives itself",
    ({ trial }) => trial.answering.before,
  ),
  text("answering_after", "who answered afterwards", ({ trial }) => trial.answering.after),
];

const lengths: readonly Column<TrialRow>[] = [
  ...range<TrialRow>(
    "session_frozen",
    "longest time that the picture of a session stood still that was open before the fault",
    ({ trial }) => trial.session?.frozen_ms,
  ),
  text("session_end", "how that session ended", ({ trial }) => trial.session?.end?.how),
  ...durationMeasures.flatMap((measure) =>
    range<TrialRow>(measure, measureMeaning[measure], ({ trial }) => trial.durations_ms[measure]),
  ),
];

const foretold: readonly Column<TrialRow>[] = [
  seconds(
    "predicted_median_s",
    "recovery as predicted from the cluster's timers just before the fault: median",
    ({ trial }) => trial.prediction?.recovery_median_ms,
  ),
  ...ends<TrialRow>(
    "predicted",
    "the same: central 95 %",
    ({ trial }) => trial.prediction?.recovery_ms,
  ),
  ...phases.flatMap((phase) =>
    ends<TrialRow>(
      `predicted_${phase}`,
      `predicted ${phase}, central 95 %`,
      ({ trial }) => trial.prediction?.phases_ms[phase],
    ),
  ),
  boolean(
    "inside_prediction",
    "whether the measured recovery reaches into the predicted one",
    ({ trial }) => trial.prediction?.inside,
  ),
];

const measurement: readonly Column<TrialRow>[] = [
  integer(
    "samples_good",
    { meaning: "attempts that the desktop answered in full" },
    (row) => row.trial.samples.good,
  ),
  integer("samples_bad", { meaning: "attempts that failed" }, ({ trial }) => trial.samples.bad),
  integer(
    "samples_unobserved",
    { meaning: "attempts that say nothing, by the prober's own fault" },
    ({ trial }) => trial.samples.unobserved,
  ),
  integer(
    "flaps",
    { meaning: "times that it answered and was gone again before it stayed" },
    ({ trial }) => trial.samples.flaps,
  ),
  number(
    "period_ms",
    { unit: "ms", meaning: "distance of the attempts" },
    ({ trial }) => trial.grid?.period_ms,
  ),
  number(
    "attempt_timeout_ms",
    { unit: "ms", meaning: "deadline of one attempt" },
    ({ trial }) => trial.grid?.attempt_timeout_ms,
  ),
  text(
    "depth",
    "the layer that an attempt must reach: tcp, http, websocket, rfb or frame",
    ({ trial }) => trial.grid?.depth,
  ),
  integer(
    "consecutive",
    { meaning: "good attempts in a row that count as answering again" },
    ({ trial }) => trial.grid?.consecutive,
  ),
  number(
    "clock_speed",
    { meaning: "lab seconds in a real one; 1 on a real cluster" },
    ({ report }) => report.clock?.speed,
  ),
];

const beside: readonly Column<TrialRow>[] = [
  text(
    "picture_before",
    "PNG of the desktop's screen before the fault, in the run's folder",
    ({ trial }) => trial.pictures.before?.file,
  ),
  text("picture_after", "the same after the recovery", ({ trial }) => trial.pictures.after?.file),
  integer(
    "views",
    { meaning: "times that somebody watched the desktop through the live page" },
    ({ trial }) => trial.viewed_ms.length,
  ),
  text("notes", "what else a reader should know", ({ trial }) => trial.notes.join("; ")),
];

/** `trials.csv` and `trials.parquet`: a row for each trial. A column may come, and none may go or change its meaning. */
export const trialColumns: readonly Column<TrialRow>[] = [
  ...which,
  ...ending,
  ...whereabouts,
  ...lengths,
  ...foretold,
  ...measurement,
  ...beside,
];
