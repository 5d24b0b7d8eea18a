import { recordOf } from "../../base/record-of.ts";
import { formatDuration, milliseconds } from "../../base/time.ts";
import type { ArmSettings, Baseline, BaselineArm } from "../../model/baseline.ts";
import type { MeasureValues } from "../../model/contrast.ts";
import { durationMeasures } from "../../model/experiment.ts";
import type { TrialGrid } from "../../model/trial-result.ts";
import type { MeasuredTrial } from "../analyse-trial.ts";
import type { ArmAsked } from "../arm-asked.ts";
import type { MeasuredRun } from "../measured-run.ts";
import { measureValues } from "../measure-values.ts";
import { isValid } from "../trial-bounds.ts";
import { shareInWords } from "./master-share.ts";

/** What of a run is kept to hold later ones against. */
export function makeBaseline(measured: MeasuredRun): Baseline {
  const { run, experiment, tool, started_wall, arms } = measured;
  return {
    format: 1,
    kind: "blackout-baseline",
    run,
    experiment: experiment.name,
    tool,
    started_wall,
    arms: arms.map((arm) => armOf(arm, measured)),
  };
}

function armOf(arm: ArmAsked, run: MeasuredRun): BaselineArm {
  const trials = run.trials
    .filter((trial) => trial.arm === arm.name)
    .toSorted((a, b) => a.repetition - b.repetition);
  return {
    name: arm.name,
    settings: settingsOf(arm, trials, run),
    without_result: arm.planned - trials.filter(isValid).length,
    measures: recordOf(durationMeasures, (measure) => rounded(measureValues(trials, measure))),
  };
}

/** Outwards, so that the truth stays inside. */
const rounded = ({ values_ms, longer_than_ms }: MeasureValues): MeasureValues => ({
  values_ms: values_ms.map(([low, high]) => [Math.floor(low), Math.ceil(high)]),
  longer_than_ms: longer_than_ms.map(Math.floor),
});

function settingsOf(
  arm: ArmAsked,
  trials: readonly MeasuredTrial[],
  { clusters, clock }: MeasuredRun,
): ArmSettings {
  const identity = clusters.find(({ name }) => name === arm.cluster)?.identity;
  return {
    cluster: `${arm.cluster_kind} ${identity?.name ?? arm.cluster}`,
    version: identity?.version ?? "unknown",
    fault: arm.fault,
    desktop: arm.desktop,
    placement: arm.placement,
    probe: probeOf(trials),
    speed: clock === null ? null : String(clock.speed),
    crm_master_killed: mastersOf(trials.filter(isValid)),
  };
}

function probeOf(trials: readonly MeasuredTrial[]): string | null {
  const grids = new Set(trials.flatMap(({ grid }) => (grid === null ? [] : [gridInWords(grid)])));
  return grids.size === 0 ? null : [...grids].toSorted().join("; or ");
}

const gridInWords = (grid: TrialGrid): string =>
  `every ${inWords(grid.period_ms)} down to ${grid.depth}, each within ${inWords(grid.attempt_timeout_ms)}; ${grid.consecutive} in a row are back`;

const inWords = (ms: number): string => formatDuration(milliseconds(ms));

function mastersOf(trials: readonly MeasuredTrial[]): string | null {
  const known = trials.filter(({ victim_was_master }) => victim_was_master !== null);
  if (known.length === 0) return null;
  const masters = known.filter(({ victim_was_master }) => victim_was_master === true);
  return shareInWords({ hits: masters.length, of: known.length });
}
