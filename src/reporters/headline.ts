import type { ArmReport, RunReport } from "../model/run-report.ts";
import { secondsWithUnit } from "./format.ts";
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
    return `A desktop is gone for ${median} (median of ${statisticsOf(arm, "recovery")?.n ?? 0}).`;
  }
  const bound = atLeast(arm, report);
  if (bound !== null) return `A desktop is gone for ${bound}: no trial saw it back.`;
  const trials = arm.outcomes["no-outage"];
  return trials === 0
    ? SILENT
    : `A desktop goes on answering: ${trials} of ${arm.planned} trials saw no outage.`;
}

const never = (arm: ArmReport): string | null =>
  arm.outcomes["no-outage"] === 0 ? null : "no time";

const enumerate = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;

/**
 * The recovery, which starts at the fault, tells how long a desktop is gone where that takes it away at once. Where it strikes
 * later (a watchdog, a grace period), the outage is shorter, and that is what a user sees.
 */
function medianOf(arm: ArmReport): string | null {
  const recovery = statisticsOf(arm, "recovery")?.values_ms.median ?? null;
  const outage = statisticsOf(arm, "outage")?.values_ms.median ?? null;
  if (recovery === null) return null;
  const median =
    outage !== null && outage.range_ms[1] < recovery.range_ms[0] * STRIKES_LATER
      ? outage
      : recovery;
  return secondsWithUnit(median.value_ms, median.range_ms);
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
