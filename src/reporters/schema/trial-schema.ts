import { z } from "zod";
import type { Whereabouts } from "../../model/cluster-facts.ts";
import type { ClockOffset } from "../../model/clock-offset.ts";
import type {
  Answering,
  HeldSession,
  Outcome,
  PictureFact,
  Spell,
  TrialGrid,
  TrialResult,
} from "../../model/trial-result.ts";
import { explanation } from "./explanation-schema.ts";
import {
  count,
  durationMeasure,
  milliseconds,
  modelled,
  named,
  rangeMs,
  spanMs,
  wallTime,
} from "./parts.ts";
import { trialPrediction } from "./trial-prediction.ts";
import { trialDurations, trialInstants } from "./trial-times.ts";

const outcome = modelled<Outcome>()(
  named(
    z.discriminatedUnion("kind", [
      z.strictObject({
        kind: z.literal("recovered"),
        instance: z
          .enum(["new", "same", "unknown"])
          .describe(
            "Whether another instance of the desktop answers than before. The same one coming back is no failover.",
          ),
      }),
      z.strictObject({
        kind: z
          .literal("no-outage")
          .describe("The fault took effect, and the desktop went on answering."),
        shorter_than_ms: milliseconds()
          .nullable()
          .describe(
            "An outage that no attempt shows was no longer than this, as good ones may wait through it; null: too few attempts went well to tell.",
          ),
      }),
      z.strictObject({
        kind: z.literal("censored"),
        longer_than_ms: milliseconds().describe(
          "Still down at its limit: the recovery takes longer than this. Never averaged.",
        ),
      }),
      z.strictObject({ kind: z.literal("void"), why: z.string() }),
      z.strictObject({ kind: z.literal("refused"), why: z.string() }),
      z.strictObject({ kind: z.literal("interrupted"), why: z.string() }),
    ]),
    "Outcome",
    "How a trial came out. A void, refused or interrupted one says nothing of the cluster and enters no statistic.",
  ),
);

const whereabouts = modelled<Whereabouts>()(
  named(
    z.strictObject({
      node: z.string().nullable().describe("Null while there is none."),
      instance: z
        .string()
        .nullable()
        .describe(
          "QEMU start or pod name, as the control plane knows it. Null while there is none.",
        ),
    }),
    "Whereabouts",
    "Where the control plane says that the desktop is.",
  ),
);

const spell = modelled<Spell>()(
  named(
    z.strictObject({
      kind: z
        .enum([
          "answering",
          "silent",
          "unreachable",
          "refused",
          "http-error",
          "handshake",
          "black",
          "unobserved",
        ])
        .describe(
          "silent: no answer. unreachable: no route, no address, no ticket for the console. " +
            "http-error: the page answers with an error. handshake: the page is there, the desktop behind it is not.",
        ),
      from_ms: z.number().describe("Milliseconds since the run's clock origin."),
      to_ms: z.number().describe("Milliseconds since the run's clock origin."),
      samples: count(),
      length_ms: rangeMs.describe("What the attempts around its ends leave."),
    }),
    "Spell",
    "What a user who reloads the page sees, one kind of failure after the other.",
  ),
);

const session = modelled<HeldSession>()(
  named(
    z.strictObject({
      instance: z.string().describe("Who answered when it was opened."),
      opened_ms: z.number().describe("Milliseconds since the run's clock origin."),
      freezes: z
        .array(
          z.strictObject({
            since_ms: spanMs,
            until_ms: z.number().describe("When the picture moved again, or the session ended."),
          }),
        )
        .describe("Each time that the picture stood still."),
      frozen_ms: rangeMs
        .nullable()
        .describe(
          "The longest of them since the fault; null if there is none. At least so long where the session was left open in it.",
        ),
      end: z
        .strictObject({
          how: z.enum(["reset", "closed", "timed-out", "nonsense", "left-open"]),
          at_ms: z.number(),
          detail: z.string(),
        })
        .nullable()
        .describe("How it broke, or was left; null where the journal ends before."),
    }),
    "HeldSession",
    "What a user sees who does not reload: a session that was open before the kill.",
  ),
);

const clockOffset = modelled<ClockOffset>()(
  named(
    z.strictObject({
      host: z.string(),
      over: z.enum(["ssh", "http"]).describe("By its date over SSH, or the Date of its API."),
      offset_ms: rangeMs.describe("How far it is ahead of the run's clock; negative: behind."),
    }),
    "ClockOffset",
    "A clock of the cluster against ours, before the kill and after the cure together.",
  ),
);

const answering = modelled<Answering>()(
  z.strictObject({ before: z.string().nullable(), after: z.string().nullable() }),
);

const grid = modelled<TrialGrid>()(
  z.strictObject({
    endpoint: z.string(),
    period_ms: milliseconds().describe("Distance of the grid's points."),
    connect_timeout_ms: milliseconds(),
    attempt_timeout_ms: milliseconds(),
    depth: z.string().describe("How deep a good attempt gets: tcp, http, websocket, rfb or frame."),
    consecutive: count().describe("Good samples in a row that count as answering again."),
  }),
);

const picture = modelled<PictureFact>()(
  named(
    z.strictObject({
      file: z.string().describe("PNG, inside the run's folder."),
      thumbnail: z.string().describe("The same for a page: at most 160 pixels wide."),
      width: count().describe("Of the screen. The file is at most 800 pixels wide."),
      height: count().describe("Of the screen. The file is at most 800 pixels high."),
      taken_ms: spanMs,
      instance: z
        .string()
        .describe("Who showed it: by the RFB name, or through a console as its API says."),
    }),
    "PictureFact",
    "A picture of the whole screen.",
  ),
);

const samples = modelled<TrialResult["samples"]>()(
  z.strictObject({
    good: count(),
    bad: count(),
    unobserved: count(),
    flaps: count().describe("Times it answered and was gone again before it stayed."),
  }),
);

const cycleAge = modelled<NonNullable<TrialResult["cycle_age"]>>()(
  z.strictObject({ of: z.enum(["agent-lock", "lease"]), age_ms: rangeMs }),
);

export const trialResult = modelled<TrialResult>()(
  named(
    z.strictObject({
      trial: z.string().describe("Its id, which journal and samples bear too."),
      arm: z.string(),
      repetition: z.int().min(1),
      seed: z.int(),
      started_wall: wallTime().describe("Label only."),
      outcome,
      victim: z.string().nullable(),
      victim_was_master: z
        .boolean()
        .nullable()
        .describe(
          "Proxmox VE: the victim was the CRM master. Null on Kubernetes, and where no fault struck.",
        ),
      cycle_age: cycleAge
        .nullable()
        .describe("Age of the victim's agent lock or Lease at the fault, which decides the mode."),
      before: whereabouts.nullable(),
      after: whereabouts.nullable(),
      answering: answering.describe(
        "Who answers, by the RFB name or a console's API; null where nobody says.",
      ),
      instants: trialInstants,
      durations_ms: trialDurations,
      not_measured: z
        .partialRecord(durationMeasure(), z.string())
        .describe("Why a duration is null, where there is more to say than the outcome."),
      explanation: explanation
        .nullable()
        .describe(
          "Which wait took how long; null where nothing was recovered from the loss of a machine.",
        ),
      spells: z.array(spell),
      session: session.nullable().describe("Null: none was held."),
      samples,
      grid: grid.nullable().describe("When and how the endpoint was asked; null if it never was."),
      clock_offsets: z.array(clockOffset),
      prediction: trialPrediction
        .nullable()
        .describe("Null for a trial that says nothing, and where nothing can be told before."),
      pictures: z
        .strictObject({ before: picture.nullable(), after: picture.nullable() })
        .describe(
          "Of the desktop's screen, before the kill and after the recovery; null: none was taken.",
        ),
      viewed_ms: z
        .array(spanMs)
        .describe("When somebody watched through the live page: one more session on the desktop."),
      notes: z
        .array(z.string())
        .describe("Anything else a reader should know: healing failed, observation gaps."),
    }),
    "TrialResult",
    'What one trial\'s facts mean. Null means "not measured", never zero.',
  ),
);
