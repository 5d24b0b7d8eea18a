import type { DurationMeasure } from "../model/experiment.ts";
import type { ArmReport, MeasureStatistics } from "../model/run-report.ts";

/** An arm's statistics of one measure; null where it has none. */
export const statisticsOf = (arm: ArmReport, measure: DurationMeasure): MeasureStatistics | null =>
  arm.statistics.find((each) => each.measure === measure && each.n > 0) ?? null;
