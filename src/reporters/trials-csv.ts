import { stringify } from "csv-stringify/sync";
import type { RangeMs } from "../base/interval.ts";
import { middleMs } from "../base/interval.ts";
import { durationMeasures } from "../model/experiment.ts";
import type { RunReport } from "../model/run-report.ts";
import type { TrialResult } from "../model/trial-result.ts";
import { plainText } from "../base/plain-text.ts";
import type { Reporter } from "./reporter.ts";

/**
 * One row per trial, tidy. An empty cell is "not measured", never zero. Text that a spreadsheet would take for a formula
 * gets an apostrophe in front.
 */
export const trialsCsv: Reporter = ({ report }) => {
  const rows = report.trials.map((trial) => columns.map(([, cell]) => cell(trial, report)));
  const header = columns.map(([name]) => name);
  return [{ path: "trials.csv", content: stringify([header, ...rows], { escape_formulas: true }) }];
};

type Cell = string | number | null;
type Column = readonly [name: string, cell: (trial: TrialResult, report: RunReport) => Cell];

const columns: readonly Column[] = [
  ["run", (_, report) => plainText(report.run)],
  ["trial", (trial) => plainText(trial.trial)],
  ["arm", (trial) => plainText(trial.arm)],
  ["cluster", (trial, { arms }) => text(arms.find(({ name }) => name === trial.arm)?.cluster)],
  ["repetition", (trial) => trial.repetition],
  ["trial_seed", (trial) => trial.seed],
  ["experiment_seed", (_, report) => report.experiment.seed],
  ["started_wall", (trial) => text(trial.started_wall)],
  ["outcome", ({ outcome }) => outcome.kind],
  ["answering_instance", ({ outcome }) => ("instance" in outcome ? outcome.instance : null)],
  [
    "longer_than_s",
    ({ outcome }) => (outcome.kind === "censored" ? inSeconds(outcome.longer_than_ms) : null),
  ],
  ["why", ({ outcome }) => ("why" in outcome ? plainText(outcome.why) : null)],
  ["victim", (trial) => text(trial.victim)],
  ["victim_was_master", (trial) => text(trial.victim_was_master?.toString())],
  ["cycle_age_of", (trial) => text(trial.cycle_age?.of)],
  ...rangeColumns("cycle_age", (trial) => trial.cycle_age?.age_ms ?? null),
  ["node_before", (trial) => text(trial.before?.node)],
  ["node_after", (trial) => text(trial.after?.node)],
  ["instance_before", (trial) => text(trial.before?.instance)],
  ["instance_after", (trial) => text(trial.after?.instance)],
  ["answering_before", (trial) => text(trial.answering.before)],
  ["answering_after", (trial) => text(trial.answering.after)],
  ...rangeColumns("session_frozen", (trial) => trial.session?.frozen_ms ?? null),
  ["session_end", (trial) => text(trial.session?.end?.how)],
  ...durationMeasures.flatMap((measure) =>
    rangeColumns(measure, (trial) => trial.durations_ms[measure]),
  ),
  ...rangeColumns("predicted", ({ prediction }) => prediction?.recovery_ms ?? null).slice(1),
  ["inside_prediction", ({ prediction }) => text(prediction?.inside?.toString())],
  ["samples_good", ({ samples }) => samples.good],
  ["samples_bad", ({ samples }) => samples.bad],
  ["samples_unobserved", ({ samples }) => samples.unobserved],
  ["flaps", ({ samples }) => samples.flaps],
  ["period_ms", ({ grid }) => grid?.period_ms ?? null],
  ["attempt_timeout_ms", ({ grid }) => grid?.attempt_timeout_ms ?? null],
  ["depth", ({ grid }) => text(grid?.depth)],
  ["consecutive", ({ grid }) => grid?.consecutive ?? null],
  ["clock_speed", (_, { clock }) => clock?.speed ?? null],
  ["notes", (trial) => plainText(trial.notes.join("; "))],
];

/** A duration is three columns: the middle of its range, and the range's ends. */
function rangeColumns(
  name: string,
  rangeOf: (trial: TrialResult) => RangeMs | null,
): readonly Column[] {
  const column = (suffix: string, pick: (range: RangeMs) => number): Column => [
    `${name}${suffix}_s`,
    (trial) => {
      const range = rangeOf(trial);
      return range === null ? null : inSeconds(pick(range));
    },
  ];
  return [
    column("", middleMs),
    column("_low", ([low]) => low),
    column("_high", ([, high]) => high),
  ];
}

/** To the millisecond, as a plain decimal number. */
const inSeconds = (ms: number): number => Math.round(ms) / 1000;

const text = (value: string | null | undefined): string | null =>
  value === null || value === undefined ? null : plainText(value);
