import { z } from "zod";
import type {
  AnsweredBy,
  ArmReference,
  ArmReport,
  Bulk,
  KaplanMeier,
  ArmSpell,
  MeasureStatistics,
  StatisticValue,
  Stratum,
  SurvivalPoint,
  SurvivalQuantile,
} from "../../model/run-report.ts";
import { armWait } from "./explanation-schema.ts";
import {
  count,
  durationMeasure,
  milliseconds,
  modelled,
  named,
  openRangeMs,
  rangeMs,
} from "./parts.ts";

const statisticValue = modelled<StatisticValue>()(
  named(
    z.strictObject({
      value_ms: milliseconds(),
      range_ms: rangeMs.describe(
        "The same statistic over all lower and over all upper ends of the trials' intervals, unless said otherwise.",
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

const survivalQuantile = modelled<SurvivalQuantile>()(
  named(
    z.strictObject({
      value_ms: milliseconds()
        .nullable()
        .describe("Null: too many trials were still down to tell."),
      interval_ms: openRangeMs.describe(
        "95 %: Brookmeyer and Crowley's interval on the log-log scale. Null: no end; below 6 trials neither.",
      ),
    }),
    "SurvivalQuantile",
    "A quantile that counts censored trials in.",
  ),
);

const kaplanMeier = modelled<KaplanMeier>()(
  z.strictObject({
    n: count().describe("Valid trials, censored ones included."),
    median: survivalQuantile,
    p90: survivalQuantile,
  }),
);

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
      sd_ms: value().describe(
        "Sample standard deviation (n - 1), with the range in which the trials' own errors leave it; null below 2 trials.",
      ),
      median_interval_ms: rangeMs
        .nullable()
        .describe(
          "Distribution-free, 95 %, of the median (Hettmansperger and Sheather), wherever in their intervals the trials' values lie; null below 6 trials.",
        ),
      kaplan_meier: kaplanMeier
        .nullable()
        .describe("Null unless trials are censored, and for the phases, which have no bound then."),
    }),
    "MeasureStatistics",
    "One measure over the recovered trials of one arm.",
  ),
);

const stratum = modelled<Stratum>()(
  z.strictObject({
    name: z.string().describe('"CRM master killed".'),
    trials: count().describe("Valid ones."),
    statistics: z.array(statistics).describe("Of recovery and outage."),
  }),
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
      shift_interval_ms: rangeMs
        .nullable()
        .describe(
          "Of the shift, 95 %, by bootstrap, wherever in their intervals the trials' values lie.",
        ),
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

const bulk = modelled<Bulk>()(
  named(
    z.strictObject({ trials: count(), of: count(), range_ms: rangeMs }),
    "Bulk",
    "The shortest range that holds nine of ten recoveries, by the middles of their intervals; below ten of them all.",
  ),
);

const share = () => z.number().min(0).max(1);

const survivalPoint = modelled<SurvivalPoint>()(
  named(
    z.strictObject({
      time_ms: milliseconds(),
      survival: share().describe("Share that takes longer."),
      band: z.tuple([share(), share()]).describe("95 %, by the log-log transformation."),
    }),
    "SurvivalPoint",
    "A step of Kaplan-Meier's estimate for the recovery; without censored trials it is one minus the ECDF.",
  ),
);

const answeredBy = modelled<AnsweredBy>()(
  z.strictObject({
    instance: z.enum(["new", "same", "unknown"]),
    trials: count(),
    median_ms: value().describe("Of the recovery."),
  }),
);

const armSpell = modelled<ArmSpell>()(
  named(
    z.strictObject({
      kind: z
        .enum(["frozen", "silent", "unreachable", "refused", "http-error", "handshake", "black"])
        .describe("frozen: the held session's picture stands still. Others as in Spell."),
      trials: count().describe("In how many it was seen."),
      median_ms: statisticValue
        .nullable()
        .describe("Of those in which it was seen to end; null if there are none."),
      left_open: z
        .strictObject({ trials: count(), at_least_ms: milliseconds() })
        .nullable()
        .describe(
          "Trials whose session was left while it stood still, each for at least that long; null if there are none.",
        ),
    }),
    "ArmSpell",
    "One kind of failure: all spells of that kind in a trial count together.",
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
      bulk: bulk.nullable().describe("Null where nothing recovered."),
      survival: z
        .array(survivalPoint)
        .describe("Share of valid trials that is still down after each recovery, ascending."),
      strata: z
        .array(stratum)
        .describe("Kinds of trials that are known to differ, apart; empty where all are of one."),
      answered_by: z
        .array(answeredBy)
        .describe("Recovered trials apart by who answers then: the same instance is no failover."),
      spells: z.array(armSpell).describe("What a user sees in the recovered trials."),
      waits: z
        .array(armWait)
        .describe("Where the time went, in order; empty where no trial has an explanation."),
      reference: reference.nullable(),
    }),
    "ArmReport",
    "One condition of the experiment: what was to be done, how its trials came out, what they measured.",
  ),
);
