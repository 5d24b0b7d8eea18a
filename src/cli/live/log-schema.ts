import { z } from "zod";
import { layers } from "../../model/experiment.ts";
import type { RunEnd } from "../../model/journal.ts";
import type { ExpectedTrial, LiveArm, LiveEvent, LiveResult } from "../../live/live-event.ts";
import { count, milliseconds, modelled, named, rangeMs } from "../../reporters/schema/parts.ts";
import { trialResult } from "../../reporters/schema/trial-schema.ts";
import { trialDurations, trialInstants } from "../../reporters/schema/trial-times.ts";

/** JSON Schema (draft 7) of one line of `run --log json`. */
export const logJsonSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(logLine, { target: "draft-7" }),
});

/** What stands in the log: all events but samples, and what else is written to standard error. */
type LogLine = { readonly wall: string } & (
  | Exclude<LiveEvent, { readonly kind: "sample" | "record" }>
  | LoggedRecord
  | { readonly kind: "message"; readonly text: string }
  | { readonly kind: "error"; readonly text: string; readonly exit_code: number }
);

/** A record of the journal, which describes itself. */
interface LoggedRecord {
  readonly kind: "record";
  readonly at_ms: number;
  readonly seq: number;
  readonly event: { readonly kind: string; readonly [key: string]: unknown };
}

const stamp = {
  wall: z.iso
    .datetime()
    .describe("When the line was written, by this machine's clock; a label only."),
};
const at = {
  ...stamp,
  at_ms: milliseconds().describe(
    "On the run's monotonic clock, as in its journal. On a lab that is faster than real time these are the lab's milliseconds.",
  ),
};

const trialId = () => z.string().describe("As in the plan: 001-proxmox-guest-1.");
const exitCode = () => z.int().describe("Of the process.");

const phasesMs = modelled<ExpectedTrial["phases_ms"]>()(
  z.strictObject({
    detection: rangeMs.nullable(),
    fencing: rangeMs.nullable(),
    placement: rangeMs.nullable(),
    start: rangeMs.nullable(),
    service: rangeMs.nullable(),
  }),
);

const expectedTrial = modelled<ExpectedTrial>()(
  named(
    z.strictObject({
      recovery_ms: rangeMs,
      phases_ms: phasesMs,
      trial_ms: rangeMs.describe("From its start to its end, healed."),
    }),
    "ExpectedTrial",
    "How an arm's trials will go, by the twin from what the inventory states.",
  ),
);

const liveArm = modelled<LiveArm>()(
  z.strictObject({
    arm: z.string(),
    cluster: z.string(),
    fault: z.string().describe("What is done to the victim, in words."),
    trials: count(),
    cooldown_ms: milliseconds().describe("Rest between a trial of it and the next one."),
    depth: z.enum(layers).describe("How deep an attempt goes."),
    consecutive: count().describe("Good samples in a row that count as answering again."),
    phased: z.boolean().describe("The machine dies, so that the five phases follow one another."),
    expected: expectedTrial.nullable().describe("Null: the twin plays no such fault."),
  }),
);

const liveResult = modelled<LiveResult>()(
  named(
    z.strictObject({
      trial: trialId(),
      arm: z.string(),
      repetition: count(),
      outcome: trialResult.shape.outcome
        .nullable()
        .describe(
          "Null: it has more facts than are kept while it runs, or they could not be read; only the report will tell.",
        ),
      victim: z.string().nullable(),
      moved_to: z.string().nullable().describe("The node that the desktop is on after it."),
      instants: trialInstants,
      durations_ms: trialDurations,
      predicted_ms: rangeMs.nullable().describe("Of the recovery, by the twin and before it."),
      inside: z
        .boolean()
        .nullable()
        .describe("Whether the measured recovery, with its error, reaches into the predicted one."),
      since_ms: milliseconds(),
      until_ms: milliseconds().describe("When it ended, healing included."),
    }),
    "LiveResult",
    "What a trial came to. The report says more of it.",
  ),
);

const ends = [
  "completed",
  "interrupted",
  "not-restored",
  "refused",
  "failed",
] as const satisfies readonly RunEnd[];

export const logLine = modelled<LogLine>()(
  z
    .discriminatedUnion("kind", [
      z.strictObject({
        ...at,
        kind: z.literal("run-started"),
        run: z.string(),
        tool: z.string(),
        experiment: z.string(),
        title: z.string(),
        speed: z.number().describe("Of its clock: run seconds in one real second."),
        trials: count().describe(
          "Of this process: of a run that goes on, those that were missing.",
        ),
        arms: z.array(liveArm),
      }),
      z.strictObject({
        ...at,
        kind: z.literal("trial-started"),
        trial: trialId(),
        arm: z.string(),
        repetition: count(),
      }),
      z.strictObject({
        ...at,
        kind: z.literal("step"),
        trial: trialId().nullable().describe("Null: the run, while no trial is under way."),
        doing: z.string().describe("In the present tense: waiting for steady state."),
      }),
      z.strictObject({
        ...at,
        kind: z.literal("record"),
        seq: count(),
        event: z
          .looseObject({ kind: z.string() })
          .describe("As it stands in journal.ndjson, its texts made plain."),
      }),
      z.strictObject({
        ...at,
        kind: z.literal("desktop"),
        trial: trialId(),
        reachable: z.boolean().describe("Whether the trial's desktop is there to be looked at."),
      }),
      z.strictObject({ ...at, kind: z.literal("trial-ended"), result: liveResult }),
      z.strictObject({
        ...at,
        kind: z.literal("stopping"),
        why: z.string().describe("It heals what there is to heal, and ends."),
      }),
      z.strictObject({
        ...at,
        kind: z.literal("run-ended"),
        end: z.enum(ends),
        detail: z.string(),
      }),
      z.strictObject({
        ...at,
        kind: z.literal("run-judged").describe("The last event of a run; messages may follow."),
        folder: z.string().describe("Where its files are."),
        verdict: z
          .enum(["pass", "fail", "inconclusive"])
          .nullable()
          .describe("Null: no report could be made."),
        exit_code: exitCode(),
      }),
      z.strictObject({
        ...stamp,
        kind: z.literal("message"),
        text: z.string().describe("What else would have been printed: a warning."),
      }),
      z.strictObject({
        ...stamp,
        kind: z.literal("error").describe("Why there is no run, or none that could end."),
        text: z.string(),
        exit_code: exitCode(),
      }),
    ])
    .meta({
      title: "blackout log",
      description: "One line of the standard error of `blackout run --log json`.",
    }),
);
