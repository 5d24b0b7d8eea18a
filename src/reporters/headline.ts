import type { ArmReport, RunReport } from "../model/run-report.ts";
import { secondsWithUnit } from "./format.ts";
import { statisticsOf } from "./statistics-of.ts";

/** The one sentence that most readers came for. */
export function headline(report: RunReport): string {
  const { arms } = report;
  const [only] = arms;
  if (arms.length === 1 && only !== undefined) return ofOne(only, report);
  const parts = arms.flatMap((arm) => {
    const gone = medianOf(arm) ?? atLeast(arm, report);
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
  return bound === null ? SILENT : `A desktop is gone for ${bound}: no trial saw it back.`;
}

const enumerate = (parts: readonly string[]): string =>
  parts.length < 2 ? parts.join("") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1) ?? ""}`;

function medianOf(arm: ArmReport): string | null {
  const median = statisticsOf(arm, "recovery")?.values_ms.median ?? null;
  return median === null ? null : secondsWithUnit(median.value_ms, median.range_ms);
}

/** Where no trial recovered, those that were still down at their limit say at least something. */
function atLeast(arm: ArmReport, { trials }: RunReport): string | null {
  const bounds = trials.flatMap((trial) =>
    trial.arm === arm.name && trial.outcome.kind === "censored"
      ? [trial.outcome.longer_than_ms]
      : [],
  );
  return bounds.length === 0 ? null : `more than ${secondsWithUnit(Math.min(...bounds))}`;
}
