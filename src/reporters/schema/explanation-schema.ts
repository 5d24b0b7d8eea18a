import { z } from "zod";
import type { ArmWait, Explanation, Wait } from "../../model/explanation.ts";
import { count, durationMeasure, modelled, named, rangeMs } from "./parts.ts";

const about = {
  name: z.string(),
  phase: durationMeasure().describe(
    "The phase that it is a part of; recovery where it could not be told from its neighbours.",
  ),
  setting: z
    .string()
    .nullable()
    .describe(
      'The setting that owns it: "node-monitor-grace-period = 40 s"; null: no setting does.',
    ),
  shorten: z.string().nullable().describe("What would shorten it; null: nothing can."),
  source: z.string().describe("Where the rule is public."),
  within: z
    .string()
    .nullable()
    .describe(
      "The wait that runs beside it and ends later, so that nothing is gained by shortening this one.",
    ),
};

const wait = modelled<Wait>()(
  named(
    z.strictObject({
      ...about,
      rule: z.string().describe("The rule that made the desktop wait, in one sentence."),
      ms: rangeMs,
      likely_ms: z
        .number()
        .describe("Those of all waits add up to the middle of the measured recovery."),
    }),
    "Wait",
    "One thing that the desktop had to wait for.",
  ),
);

export const explanation = modelled<Explanation>()(
  named(
    z.strictObject({
      waits: z.array(wait).describe("In order, each beginning where the one before it ends."),
      placed: z
        .enum(["inside", "outside", "not-predicted"])
        .describe("Against the prediction from the cluster's timers just before the kill."),
      causes: z
        .array(z.string())
        .describe("Why it may lie outside, likeliest first; empty unless it does."),
    }),
    "Explanation",
    "Why one recovery took as long as it did.",
  ),
);

export const armWait = modelled<ArmWait>()(
  named(
    z.strictObject({
      ...about,
      n: count().describe("Trials that had it, by itself."),
      median_ms: z.number(),
      min_ms: z.number(),
      max_ms: z.number(),
    }),
    "ArmWait",
    "One wait over the explained trials of an arm.",
  ),
);
