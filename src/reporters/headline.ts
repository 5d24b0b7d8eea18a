import type { ArmReport, Bulk, RunReport, StatisticValue } from "../model/run-report.ts";
import { seconds, secondsWithUnit } from "./format.ts";
import { statisticsOf } from "./statistics-of.ts";

/** The one sentence that most readers came for. */
export function headline(report: RunReport): string {
  const { arms } = report;
  const [only] = arms;
  if (arms.length === 1 && only !== undefined) return ofOne(only, report);
  const parts = arms.flatMap((arm) => {
    const gone = medianOf(arm) ?? atLeast(arm, report) ?? never(arm);
    return gone === null ? [] : [`${gone} on ${arm.name}`];
  });
  return parts.length === 0 ? SILENT : `A desktop is gone for ${enumerate(parts)} (medians).`;
}

const SILENT = "No trial says how long a desktop is gone.";

function ofOne(arm: ArmReport, report: RunReport): string {
  const median = medianOf(arm);
  if (median !== null) {
    const parts = [
      `${median} (median of ${statisticsOf(arm, "recovery")?.n ?? 0})`,
      ...around(arm),
    ];
    return `A desktop on ${arm.cluster} is gone for ${parts.join("; ")}.`;
  }
  const bound = atLeast(arm, report);
  if (bound !== null) {
    return `A desktop on ${arm.cluster} is gone for ${bound}: no trial saw it back.`;
  }
  const trials = arm.outcomes["no-outage"];
  return trials === 0
    ? SILENT
    : `A desktop on ${arm.cluster} goes on answering: ${trials} of ${arm.planned} trials saw no outage.`;
}

/** What is counted from the fault says nothing of an outage that began later. */
const around = (arm: ArmReport): readonly string[] =>
  typicalOf(arm)?.measure === "recovery" ? [...bulkWords(arm), ...detectionWords(arm)] : [];

/** `9 of 10 between 128.1 and 145.2 s`; `4 of 10 came back, between ...`. */
export function bulkWords({ bulk, outcomes }: ArmReport): readonly string[] {
  if (bulk === null || bulk.of < 2) return [];
  const [low, high] = bulk.range_ms;
  return [`${countWords(bulk, outcomes)} between ${seconds(low)} and ${secondsWithUnit(high)}`];
}

function countWords({ trials, of }: Bulk, outcomes: ArmReport["outcomes"]): string {
  const valid = of + outcomes.censored + outcomes["no-outage"];
  if (valid === of) return trials === of ? `all ${of}` : `${trials} of ${of}`;
  const what = outcomes.censored > 0 ? "came back" : "were gone";
  return `${of} of ${valid} ${what},${trials === of ? "" : ` ${trials} of them`}`;
}

/** `detection takes 18.2 s of it`. */
export function detectionWords(arm: ArmReport): readonly string[] {
  const detection = statisticsOf(arm, "detection")?.values_ms.median ?? null;
  return detection === null
    ? []
    : [`detection takes ${secondsWithUnit(detection.value_ms, detection.range_ms)} of it`];
}

const never = (arm: ArmReport): string | null =>
  arm.outcomes["no-outage"] === 0 ? null : "no time";

const enumerate = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;

function medianOf(arm: ArmReport): string | null {
  const typical = typicalOf(arm);
  return typical === null
    ? null
    : secondsWithUnit(typical.median.value_ms, typical.median.range_ms);
}

/**
 * The recovery, which starts at the fault, tells how long a desktop is gone where that takes it away at once. Where it strikes
 * later (a watchdog, a grace period), the outage is shorter, and that is what a user sees.
 */
function typicalOf(
  arm: ArmReport,
): { readonly measure: "recovery" | "outage"; readonly median: StatisticValue } | null {
  const recovery = statisticsOf(arm, "recovery")?.values_ms.median ?? null;
  const outage = statisticsOf(arm, "outage")?.values_ms.median ?? null;
  if (recovery === null) return null;
  return outage !== null && outage.range_ms[1] < recovery.range_ms[0] * STRIKES_LATER
    ? { measure: "outage", median: outage }
    : { measure: "recovery", median: recovery };
}

/** An outage shorter than this share of the recovery did not begin with the fault. */
const STRIKES_LATER = 0.9;

/** Where no trial recovered, those that were still down at their limit say at least something. */
function atLeast(arm: ArmReport, { trials }: RunReport): string | null {
  const bounds = trials.flatMap((trial) =>
    trial.arm === arm.name && trial.outcome.kind === "censored"
      ? [trial.outcome.longer_than_ms]
      : [],
  );
  return bounds.length === 0 ? null : `more than ${secondsWithUnit(Math.min(...bounds))}`;
}
