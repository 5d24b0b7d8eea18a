import { IANAZone } from "luxon";
import { z } from "zod";
import { defaultSafety, weekdays } from "../../model/safety.ts";
import { nearest } from "../nearest.ts";
import { nodeName, parsed, strict, text, wait } from "../schema/fields.ts";

const described = "Limits that no experiment can lift; only --override, by name, and in print.";

/** As people write them. */
export const safetyLimits = () =>
  strict({
    ...limits(),
    max_time: wait()
      .nullable()
      .default(defaultSafety.max_time_ms)
      .describe("No kill later than this after the run's start: 4h. Default: no limit."),
  })
    .prefault({})
    .transform(({ max_time, ...rest }) => ({ ...rest, max_time_ms: max_time }))
    .describe(described);

/** As programs write them: the model, word for word. */
export const safetyModel = () =>
  strict({
    ...limits(),
    max_time_ms: z.number().positive().nullable().default(defaultSafety.max_time_ms),
  })
    .prefault({})
    .describe(described);

const limits = () => ({
  max_nodes_down: z.int().min(1).default(defaultSafety.max_nodes_down),
  protected_nodes: z
    .array(nodeName())
    .default([...defaultSafety.protected_nodes])
    .describe("Never a victim."),
  other_workloads: z
    .array(text())
    .default([...defaultSafety.other_workloads])
    .describe(
      "What else may go down with a victim, by name; * stands for anything: monitoring/*, mail (100).",
    ),
  windows: z
    .array(maintenanceWindow())
    .default([])
    .describe("Nothing is killed outside of them. Default: at any time."),
  max_kills: z
    .int()
    .min(1)
    .nullable()
    .default(defaultSafety.max_kills)
    .describe("Kills in one run. Default: as many as it has trials."),
});

const maintenanceWindow = () =>
  strict({
    days: z
      .array(z.enum(weekdays))
      .min(1)
      .default([...weekdays])
      .describe("On which it opens. Default: every day."),
    from: timeOfDay(/^(?:[01]\d|2[0-3]):[0-5]\d$/u, "22:00").describe("When it opens: 22:00."),
    to: timeOfDay(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/u, "04:00").describe(
      "When it closes; at or before from: on the day after.",
    ),
    zone: timeZone().describe("Whose clock it is, as IANA names it: Europe/Zurich."),
  }).refine(({ from, to }) => from !== to, {
    path: ["to"],
    error: "is the same as from; a whole day is from 00:00 to 24:00",
  });

const timeOfDay = (form: RegExp, example: string) =>
  parsed(
    (value) =>
      form.test(value)
        ? { value }
        : { problem: `must be a time of day of 24 hours, such as "${example}"` },
    { pattern: form.source, examples: [example] },
  );

const timeZone = () =>
  parsed((value) => {
    if (IANAZone.isValidZone(value)) return { value };
    const near = nearest(value, Intl.supportedValuesOf("timeZone"));
    const meant = near === null ? "" : `; did you mean "${near}"?`;
    return { problem: `is no time zone that is known here, such as "Europe/Zurich"${meant}` };
  });
