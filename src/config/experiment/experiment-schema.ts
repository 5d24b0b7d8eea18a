import { z } from "zod";
import { durationMeasures } from "../../model/experiment.ts";
import type { ResolvePath } from "../schema/fields.ts";
import { name, path, strict, text } from "../schema/fields.ts";
import { acceptance } from "./acceptance.ts";
import { arm } from "./arm.ts";
import { override } from "./overrides.ts";
import { hooks } from "./hooks.ts";

/** An experiment's file, once the defaults are merged into the arms. */
export const experimentFile = (resolvePath: ResolvePath) =>
  strict({
    name: name().optional().describe("Default: the file's name without its ending."),
    title: text().optional().describe("Default: the name."),
    description: z.string().max(10_000).default(""),
    inventory: path(resolvePath)
      .nullable()
      .default(null)
      .describe("The inventory it runs on when none is given on the command line."),
    seed: z
      .int()
      .min(0)
      .max(2 ** 32 - 1)
      .default(1)
      .describe("Seeds the order, the phase of every grid and the moment of every kill."),
    order: z.enum(["sequential", "interleaved", "random"]).default("interleaved"),
    arms: z
      .record(name(), arm(resolvePath))
      .refine((arms) => Object.keys(arms).length > 0, { error: "must name at least one arm" })
      .describe("Arms by name."),
    defaults: z.record(z.string(), z.unknown()).optional(),
    hooks: hooks(resolvePath).describe("Commands of your own around the run and each trial."),
    acceptance: acceptance().describe("What counts as good."),
    references: z
      .array(
        strict({
          title: text(),
          arm: name(),
          measure: z.enum(durationMeasures).default("recovery"),
          csv: text().describe("A file with a header, commas, and one trial a line."),
          column: text(),
          unit: z.enum(["ms", "s", "m"]).default("s"),
        }),
      )
      .default([])
      .describe("Measured values from elsewhere, to set beside the arms' own."),
    overrides: z
      .array(override())
      .default([])
      .describe("Guards whose refusals are recorded and not obeyed; printed in every report."),
  });

export type ExperimentFile = z.output<ReturnType<typeof experimentFile>>;
