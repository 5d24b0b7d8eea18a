import type { RangeMs } from "../base/interval.ts";
import type { DurationMeasure } from "../model/experiment.ts";
import type { MeasuredTrial } from "./analyse-trial.ts";

/** A trial that says something: it recovered, needed not to, or was still down at its limit. */
export const isValid = ({ outcome }: MeasuredTrial): boolean =>
  outcome.kind === "recovered" || outcome.kind === "no-outage" || outcome.kind === "censored";

/**
 * Between what two durations the truth of a valid trial lies, even where it was not measured: a phase that nobody saw
 * took no longer than the whole recovery, and what was still under way at the limit has no upper end. Without outage an
 * outage that no attempt shows may still have been, and phases of a failover are neither short nor long.
 */
export function boundsOf(trial: MeasuredTrial, measure: DurationMeasure): RangeMs {
  const { outcome, durations_ms } = trial;
  const measured = durations_ms[measure];
  if (measured !== null) return measured;
  if (outcome.kind === "no-outage") {
    return [0, isWhole(measure) ? (outcome.shorter_than_ms ?? endless) : endless];
  }
  if (outcome.kind !== "censored") return [0, durations_ms.recovery?.[1] ?? endless];
  switch (measure) {
    case "recovery":
      return [outcome.longer_than_ms, endless];
    case "outage":
      return [Math.max(0, outcome.longer_than_ms - lossAfterFault(trial)), endless];
    case "detection":
    case "fencing":
    case "placement":
    case "start":
    case "service":
      return [0, endless];
  }
}

/** Of the whole outage, not of a phase of the failover. */
export const isWhole = (measure: DurationMeasure): boolean =>
  measure === "recovery" || measure === "outage";

const endless = Number.POSITIVE_INFINITY;

/** At most, ms. */
function lossAfterFault({ instants: { fault, lost } }: MeasuredTrial): number {
  return fault === null || lost === null ? endless : Math.max(0, lost[1] - fault[1]);
}
