import { z } from "zod";
import type { ArmContrast, Contrast } from "../../model/contrast.ts";
import { count, durationMeasure, modelled, named, openRangeMs } from "./parts.ts";

const both = () => z.tuple([count(), count()]);
const share = () => z.number().min(-1).max(1);
const probability = () => z.number().min(0).max(1);

const test = modelled<NonNullable<Contrast["test"]>>()(
  z.strictObject({
    name: z
      .enum(["mann-whitney", "log-rank"])
      .describe("Where a trial is censored, the log-rank test stands in for Mann and Whitney's."),
    method: z.enum(["exact", "normal", "chi-squared"]).describe("How p was found."),
    p: probability().describe("Two-sided, on the middles of the trials' intervals."),
    p_largest: probability().describe(
      "The largest of p on the middles, with one arm's values all low and the other's all high, and the other way round; 1 where these point to opposite sides.",
    ),
  }),
);

const cliffsDelta = modelled<NonNullable<Contrast["cliffs_delta"]>>()(
  z.strictObject({
    value: share().describe(
      "Share of pairs with the own trial longer, minus that with it shorter.",
    ),
    interval: z.tuple([share(), share()]).nullable().describe("95 %; null below two trials."),
  }),
);

const contrast = modelled<Contrast>()(
  named(
    z.strictObject({
      measure: durationMeasure(),
      n: both().describe("Trials of each arm that say something, censored ones included."),
      censored: both(),
      verdict: z
        .enum(["faster", "slower", "no-evidence"])
        .describe(
          "Whether interval_ms leaves nought out; where trials are censored, whether p_largest is below 0.05.",
        ),
      shift_ms: z
        .number()
        .nullable()
        .describe("Hodges-Lehmann; null where a trial is censored or an arm has none."),
      interval_ms: openRangeMs
        .nullable()
        .describe(
          "Of the shift, 95 %, wherever in their intervals the trials' values lie; null: too few trials for one.",
        ),
      test: test.nullable().describe("Null: there is nothing to test."),
      cliffs_delta: cliffsDelta
        .nullable()
        .describe(
          "On the middles of the trials' intervals; null where a trial is censored or an arm has none.",
        ),
    }),
    "Contrast",
    "One measure of an arm held against that of another. Differences are the arm's own minus the other's.",
  ),
);

export const armContrast = modelled<ArmContrast>()(
  named(
    z.strictObject({ arm: z.string(), against: z.string(), measures: z.array(contrast) }),
    "ArmContrast",
    "One arm held against another.",
  ),
);
