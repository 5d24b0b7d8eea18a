import type { RangeMs, SpanMs } from "../base/interval.ts";
import type { ControlPlaneEvent } from "../model/cluster-facts.ts";
import type { Layer, Phase } from "../model/experiment.ts";
import type { RunEnd } from "../model/journal.ts";
import type { SpellKind } from "../model/trial-result.ts";
import type { Judgement, LiveResult, LiveRun } from "./live-event.ts";

/**
 * All that is known of a run while it runs, made of nothing but its events (`applyEvent`). Plain JSON, and it stands still:
 * what ticks (`phaseAt`, `timeLeft`) is worked out of it and the time now. Times are milliseconds on the run's clock.
 */
export interface LiveState {
  /** Null: it has not begun. */
  readonly run: LiveRun | null;
  /** The one under way; null between two. */
  readonly trial: LiveTrial | null;
  /** What the run does, or did, while none is. */
  readonly doing: string;
  /** Those that ended, in that order. */
  readonly results: readonly LiveResult[];
  /** Why it is told to stop; what is to be healed is healed first. Null: it is not. */
  readonly stopping: string | null;
  readonly ended: { readonly end: RunEnd; readonly detail: string } | null;
  readonly judged: Judgement | null;
  /** When the latest event came. */
  readonly at_ms: number;
}

export interface LiveTrial {
  readonly trial: string;
  readonly arm: string;
  readonly repetition: number;
  readonly since_ms: number;
  /** What it does now. */
  readonly doing: string;
  readonly doing_since_ms: number;
  /** Somebody may look at its desktop. */
  readonly reachable: boolean;
  readonly victim: string | null;
  /** Asked for, proven; null: not yet. */
  readonly requested_ms: number | null;
  readonly fault_ms: SpanMs | null;
  readonly outage: Outage;
  /** From TCP down to the depth that the arm is watched at. */
  readonly layers: readonly LayerState[];
  /** The target off the victim: when it is down too, that is the prober's own network. */
  readonly control: Answering;
  /** In their order; empty where the machine does not die. */
  readonly phases: readonly PhaseState[];
  /** Of the recovery: of this trial once it is made, until then of the arm. */
  readonly predicted_ms: RangeMs | null;
  /** What the control plane has said since the fault was asked for, the latest `MOST_SEEN` at most. */
  readonly seen: readonly SeenEvent[];
  /** What users see, one after the other, the latest `MOST_SPELLS` at most. */
  readonly spells: readonly LiveSpell[];
}

export const MOST_SEEN = 200;
export const MOST_SPELLS = 240;

/** As the samples show it so far; the report bounds it. */
export interface Outage {
  /** The first bad attempt of those that followed the fault; null: none. */
  readonly lost_ms: number | null;
  /** The first of the good ones that last; null: not yet. */
  readonly back_ms: number | null;
  /** Good attempts in a row, since when. */
  readonly good: number;
  readonly good_since_ms: number | null;
}

export type Liveness = "good" | "bad" | "unknown";

export interface Answering {
  readonly state: Liveness;
  /** When it came to be so; null: it was never seen. */
  readonly since_ms: number | null;
  /** The grid point that told it: one that ends late does not undo what a later one saw. */
  readonly seq: number;
}

export interface LayerState extends Answering {
  readonly layer: Layer;
}

/** A phase that nobody has seen end, while a later one has begun, is `unseen`. */
export interface PhaseState {
  readonly phase: Phase;
  readonly state: "waiting" | "running" | "done" | "unseen";
  /** When it began; null: not yet, or nobody saw it. */
  readonly since_ms: number | null;
  /** How long it took; null: it has not ended. */
  readonly took_ms: number | null;
  /** Half of what is not known of its ends: it lasts that much longer or shorter. */
  readonly error_ms: number;
  readonly predicted_ms: RangeMs | null;
}

type SeenEvent = Pick<ControlPlaneEvent, "kind" | "node" | "observed_ms">;

export interface LiveSpell {
  readonly kind: SpellKind;
  readonly from_ms: number;
  readonly to_ms: number;
  readonly samples: number;
  /** The grid point of the latest. */
  readonly seq: number;
}

export const nothingYet: LiveState = {
  run: null,
  trial: null,
  doing: "starting",
  results: [],
  stopping: null,
  ended: null,
  judged: null,
  at_ms: 0,
};
