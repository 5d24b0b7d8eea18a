import { z } from "zod";
import type {
  ArmReference,
  ArmReport,
  MeasureStatistics,
  StatisticValue,
} from "../../model/run-report.ts";
import { count, durationMeasure, milliseconds, modelled, named, rangeMs } from "./parts.ts";

const statisticValue = modelled<StatisticValue>()(
  named(
    z.strictObject({
      value_ms: milliseconds(),
      range_ms: rangeMs.describe(
        "The same statistic over all lower and over all upper ends of the trials' intervals.",
      ),
      label: z
        .string()
        .nullable()
        .describe('"largest of 10" where a percentile of so few trials is no more than that.'),
    }),
    "StatisticValue",
    "A statistic, and the range that the trials' own errors leave it.",
  ),
);

const value = () => statisticValue.nullable();

const statistics = modelled<MeasureStatistics>()(
  named(
    z.strictObject({
      measure: durationMeasure(),
      n: count().describe("Recovered trials in which the measure was seen."),
      censored: count().describe(
        "Trials still down at their limit: they are longer than every number here that does not say otherwise.",
      ),
      values_ms: z.strictObject({
        min: value(),
        median: value(),
        mean: value(),
        p90: value(),
        p95: value(),
        max: value(),
      }),
      sd_ms: value().describe("Sample standard deviation (n - 1); null below 2 trials."),
      median_interval_ms: rangeMs
        .nullable()
        .describe("Percentile bootstrap, 95 %, of the median; null below 3 trials."),
    }),
    "MeasureStatistics",
    "One measure over the recovered trials of one arm.",
  ),
);

const reference = modelled<ArmReference>()(
  named(
    z.strictObject({
      title: z.string(),
      source: z.string(),
      measure: durationMeasure(),
      n: count(),
      values_ms: z.array(z.number()),
      median_ms: z.number(),
      mean_ms: z.number(),
      sd_ms: milliseconds().describe("Sample standard deviation (n - 1); 0 for one value."),
      min_ms: z.number(),
      max_ms: z.number(),
      shift_ms: z
        .number()
        .nullable()
        .describe("Measured median minus the reference's; null without trials."),
      shift_interval_ms: rangeMs.nullable().describe("95 % bootstrap interval of the shift."),
      ecdf_distance: z
        .number()
        .min(0)
        .max(1)
        .nullable()
        .describe("Largest distance of the two empirical distribution functions."),
    }),
    "ArmReference",
    "Values measured elsewhere, set beside the arm's own.",
  ),
);

export const armReport = modelled<ArmReport>()(
  named(
    z.strictObject({
      name: z.string(),
      cluster: z.string(),
      cluster_kind: z.enum(["proxmox", "kubernetes"]),
      fault: z.string().describe('In words: "chassis power off over IPMI".'),
      desktop: z.string().describe('In words: "clone of VM 9000, seen through PVE\'s console".'),
      placement: z.string().describe("In words."),
      moment: z.string().describe("When its faults strike, in words."),
      planned: count().describe("Trials that were to be run."),
      outcomes: z
        .strictObject({
          recovered: count(),
          "no-outage": count().describe("The desktop went on answering."),
          censored: count(),
          void: count(),
          refused: count(),
          interrupted: count(),
          missing: count().describe("Planned and never started."),
        })
        .describe("Number of trials with each outcome."),
      statistics: z.array(statistics),
      reference: reference.nullable(),
    }),
    "ArmReport",
    "One condition of the experiment: what was to be done, how its trials came out, what they measured.",
  ),
);
