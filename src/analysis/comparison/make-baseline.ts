import { recordOf } from "../../base/record-of.ts";
import { formatDuration, milliseconds } from "../../base/time.ts";
import type { ArmSettings, Baseline, BaselineArm } from "../../model/baseline.ts";
import type { MeasureValues } from "../../model/contrast.ts";
import { durationMeasures } from "../../model/experiment.ts";
import type { ArmReport, RunReport } from "../../model/run-report.ts";
import type { TrialGrid, TrialResult } from "../../model/trial-result.ts";
import { measureValues } from "../measure-values.ts";
import { isValid } from "../trial-bounds.ts";

/** What of a run is kept to hold later ones against. */
export function makeBaseline(report: RunReport): Baseline {
  return {
    format: 1,
    kind: "blackout-baseline",
    run: report.run,
    experiment: report.experiment.name,
    tool: report.tool,
    started_wall: report.started_wall,
    arms: report.arms.map((arm) => armOf(arm, report)),
  };
}

function armOf(arm: ArmReport, report: RunReport): BaselineArm {
  const trials = report.trials
    .filter((trial) => trial.arm === arm.name)
    .toSorted((a, b) => a.repetition - b.repetition);
  return {
    name: arm.name,
    settings: settingsOf(arm, trials, report),
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
  arm: ArmReport,
  trials: readonly TrialResult[],
  { clusters, clock }: RunReport,
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

function probeOf(trials: readonly TrialResult[]): string | null {
  const grids = new Set(trials.flatMap(({ grid }) => (grid === null ? [] : [gridInWords(grid)])));
  return grids.size === 0 ? null : [...grids].toSorted().join("; or ");
}

const gridInWords = (grid: TrialGrid): string =>
  `every ${inWords(grid.period_ms)} down to ${grid.depth}, each within ${inWords(grid.attempt_timeout_ms)}; ${grid.consecutive} in a row are back`;

const inWords = (ms: number): string => formatDuration(milliseconds(ms));

function mastersOf(trials: readonly TrialResult[]): string | null {
  const known = trials.filter(({ victim_was_master }) => victim_was_master !== null);
  if (known.length === 0) return null;
  const masters = known.filter(({ victim_was_master }) => victim_was_master === true);
  return `in ${masters.length} of ${known.length}`;
}
