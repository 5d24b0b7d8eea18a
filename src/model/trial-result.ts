import type { RangeMs, SpanMs } from "../base/interval.ts";
import type { ClockOffset } from "./clock-offset.ts";
import type { Whereabouts } from "./cluster-facts.ts";
import type { DurationMeasure } from "./experiment.ts";
import type { SessionEnd } from "./held-session.ts";
import type { Explanation } from "./explanation.ts";
import type { Prediction } from "./prediction.ts";

/** What one trial's facts mean. Instants are milliseconds on the run's clock; null means "not measured", never zero. */
export interface TrialResult {
  readonly trial: string;
  readonly arm: string;
  readonly repetition: number;
  readonly seed: number;
  /** Label only. */
  readonly started_wall: string | null;
  readonly outcome: Outcome;
  readonly victim: string | null;
  /** PVE: the victim was the CRM master. Null on Kubernetes, and where no fault struck. */
  readonly victim_was_master: boolean | null;
  /** What decides the mode: age of the victim's agent lock or Lease when the fault struck. */
  readonly cycle_age: {
    readonly of: "agent-lock" | "lease";
    readonly age_ms: RangeMs;
  } | null;
  readonly before: Whereabouts | null;
  readonly after: Whereabouts | null;
  readonly answering: Answering;
  readonly instants: TrialInstants;
  readonly durations_ms: Readonly<Record<DurationMeasure, RangeMs | null>>;
  /** Why a duration is null, in words, where there is more to say than the outcome. */
  readonly not_measured: Readonly<Partial<Record<DurationMeasure, string>>>;
  /** Which wait took how long; null where nothing was recovered from the loss of a machine. */
  readonly explanation: Explanation | null;
  readonly spells: readonly Spell[];
  /** Null: none was held. */
  readonly session: HeldSession | null;
  readonly samples: {
    readonly good: number;
    readonly bad: number;
    readonly unobserved: number;
    /** Times it answered and was gone again before it stayed. */
    readonly flaps: number;
  };
  readonly grid: TrialGrid | null;
  /** Of all clocks that were asked, before the kill and after the cure together. */
  readonly clock_offsets: readonly ClockOffset[];
  /** Null for a trial that says nothing, and where the twin plays no such fault or nothing was read that would tell. */
  readonly prediction: TrialPrediction | null;
  /** The desktop's screen before the kill and after the recovery; null: none was taken, and notes say why. */
  readonly pictures: { readonly before: PictureFact | null; readonly after: PictureFact | null };
  /** When somebody watched the desktop through the live page: one more session on it. */
  readonly viewed_ms: readonly SpanMs[];
  /** Anything else a reader should know: healing failed, observation gaps. */
  readonly notes: readonly string[];
}

/** A picture of the whole screen, in a file of its own. */
export interface PictureFact {
  /** PNG, inside the run's folder. */
  readonly file: string;
  /** The same for a page: at most 160 pixels wide. */
  readonly thumbnail: string;
  /** Of the screen. Files are made smaller: at most 800 pixels each way. */
  readonly width: number;
  readonly height: number;
  readonly taken_ms: SpanMs;
  /** Who showed it, as samples name it: by the RFB name, or through a console as its API says. */
  readonly instance: string;
}

/** Who answers, by the name that it gives itself (RFB), or that a console's API gives it; null where nobody says. */
export interface Answering {
  readonly before: string | null;
  readonly after: string | null;
}

/** By the twin, from what was seen until the kill. */
export interface TrialPrediction extends Omit<Prediction, "failovers"> {
  /** Whether the measured recovery, with its error, reaches into the predicted one; null: none was measured that would tell. */
  readonly inside: boolean | null;
}

export type Outcome =
  | { readonly kind: "recovered"; readonly instance: "new" | "same" | "unknown" }
  /** The fault took effect and the desktop went on answering: what a planned move, or a node's service, may well do. */
  | {
      readonly kind: "no-outage";
      /** An outage that no attempt shows was no longer than this, ms; null: too few attempts went well to tell. */
      readonly shorter_than_ms: number | null;
    }
  /** Still down at its limit: longer than this, never averaged. */
  | { readonly kind: "censored"; readonly longer_than_ms: number }
  | { readonly kind: "void"; readonly why: string }
  | { readonly kind: "refused"; readonly why: string }
  | { readonly kind: "interrupted"; readonly why: string };

export interface TrialInstants {
  readonly fault: SpanMs | null;
  /** The endpoint stopped answering. */
  readonly lost: SpanMs | null;
  readonly node_lost: SpanMs | null;
  readonly fenced: SpanMs | null;
  readonly node_chosen: SpanMs | null;
  readonly instance_started: SpanMs | null;
  /** The endpoint answers at full depth, and goes on to. */
  readonly back: SpanMs | null;
}

/** What a user who reloads the page sees, one kind of failure after the other. */
export interface Spell {
  readonly kind: SpellKind;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly samples: number;
  /** What the attempts around its ends leave. */
  readonly length_ms: RangeMs;
}

export type SpellKind =
  | "answering"
  /** No answer: nobody takes the connection, or nothing is said on it. */
  | "silent"
  /** There is no way there, and somebody says so: no route, no address, no ticket for the console. */
  | "unreachable"
  | "refused"
  /** The page answers with an error: 502, 503. */
  | "http-error"
  /** The page is there, the desktop behind it is not. */
  | "handshake"
  | "black"
  | "unobserved";

/** What a user sees who does not reload: a session that was open before the kill. */
export interface HeldSession {
  /** Who answered when it was opened. */
  readonly instance: string;
  readonly opened_ms: number;
  /** Each time that the picture stood still. */
  readonly freezes: readonly Freeze[];
  /** The longest of them since the fault; null: it never stood still. It is at least as long where the session was left open in it. */
  readonly frozen_ms: RangeMs | null;
  /** Null: the journal ends before. */
  readonly end: {
    readonly how: SessionEnd;
    readonly at_ms: number;
    readonly detail: string;
  } | null;
}

export interface Freeze {
  readonly since_ms: SpanMs;
  /** When the picture moved again, or the session ended. */
  readonly until_ms: number;
}

export interface TrialGrid {
  readonly endpoint: string;
  readonly period_ms: number;
  readonly connect_timeout_ms: number;
  readonly attempt_timeout_ms: number;
  readonly depth: string;
  readonly consecutive: number;
}
