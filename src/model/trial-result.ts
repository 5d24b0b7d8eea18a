import type { RangeMs, SpanMs } from "../base/interval.ts";
import type { Whereabouts } from "./cluster-facts.ts";
import type { DurationMeasure } from "./experiment.ts";
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
  /** What decides the mode: age of the victim's agent lock or Lease when the fault was requested. */
  readonly cycle_age: {
    readonly of: "agent-lock" | "lease";
    readonly age_ms: RangeMs;
  } | null;
  readonly before: Whereabouts | null;
  readonly after: Whereabouts | null;
  readonly instants: TrialInstants;
  readonly durations_ms: Readonly<Record<DurationMeasure, RangeMs | null>>;
  /** Why a duration is null, in words, where there is more to say than the outcome. */
  readonly not_measured: Readonly<Partial<Record<DurationMeasure, string>>>;
  readonly spells: readonly Spell[];
  readonly samples: {
    readonly good: number;
    readonly bad: number;
    readonly unobserved: number;
    /** Times it answered and was gone again before it stayed. */
    readonly flaps: number;
  };
  readonly grid: TrialGrid | null;
  /** Null for a trial that says nothing, and where the twin plays no such fault or nothing was read that would tell. */
  readonly prediction: TrialPrediction | null;
  /** Anything else a reader should know: healing failed, observation gaps. */
  readonly notes: readonly string[];
}

/** By the twin, from what was seen until the kill. */
export interface TrialPrediction extends Omit<Prediction, "failovers"> {
  /** Whether the measured recovery, with its error, reaches into the predicted one; null: none was measured that would tell. */
  readonly inside: boolean | null;
}

export type Outcome =
  | { readonly kind: "recovered"; readonly instance: "new" | "same" | "unknown" }
  /** The fault took effect and the desktop went on answering: what a planned move, or a node's service, may well do. */
  | { readonly kind: "no-outage" }
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
}

export type SpellKind =
  | "answering"
  /** No answer at all: silence, or no route. */
  | "silent"
  | "refused"
  /** The page answers with an error: 502, 503. */
  | "http-error"
  /** The page is there, the desktop behind it is not. */
  | "handshake"
  | "black"
  | "unobserved";

export interface TrialGrid {
  readonly endpoint: string;
  readonly period_ms: number;
  readonly connect_timeout_ms: number;
  readonly attempt_timeout_ms: number;
  readonly depth: string;
  readonly consecutive: number;
}
