import { z } from "zod";
import type { RangeMs } from "../../base/interval.ts";
import type { ArmSettings, Baseline, BaselineArm } from "../../model/baseline.ts";
import type { MeasureValues } from "../../model/contrast.ts";
import { strict } from "../schema/fields.ts";

const milliseconds = () => z.number().min(0);
const words = () => z.string().max(10_000);
const count = () => z.int().min(0);

const range = (): z.ZodType<RangeMs> =>
  z.tuple([milliseconds(), milliseconds()]).refine(([low, high]) => low <= high, {
    error: "must be [low, high], and low is above high",
  });

const measureValues = (): z.ZodType<MeasureValues> =>
  strict({
    values_ms: z
      .array(range())
      .describe("[low, high] of each trial in which it was seen, in milliseconds."),
    longer_than_ms: z
      .array(milliseconds())
      .describe("A bound for each trial that was still under way at its limit."),
  });

const settings = (): z.ZodType<ArmSettings> =>
  strict({
    cluster: words(),
    version: words(),
    fault: words(),
    desktop: words(),
    placement: words(),
    probe: words().nullable().describe("Null where nothing was watched."),
    speed: words().nullable().describe("Lab seconds in a real one; null: the run did not begin."),
    crm_master_killed: words().nullable().describe("Null where there is no CRM master."),
  }).describe("In words; `blackout compare` tells where those of two arms differ.");

const arm = (): z.ZodType<BaselineArm> =>
  strict({
    name: words(),
    settings: settings(),
    without_result: count().describe("Trials that were void, refused, interrupted or not started."),
    measures: strict({
      recovery: measureValues(),
      outage: measureValues(),
      detection: measureValues(),
      fencing: measureValues(),
      placement: measureValues(),
      start: measureValues(),
      service: measureValues(),
    }),
  });

/** What a baseline file holds: no key more, none less. */
export const baselineFile = (): z.ZodType<Baseline> =>
  strict({
    format: z.literal(1).describe("Version of this format."),
    kind: z.literal("blackout-baseline"),
    run: words(),
    experiment: words(),
    tool: words().describe("Version of blackout that ran it."),
    started_wall: words().nullable().describe("Label only."),
    arms: z.array(arm()),
  });
