import type { RangeMs, SpanMs } from "../base/interval.ts";
import type { Phase } from "./experiment.ts";

/** How long a failover will take, by the twin and before it. Times are milliseconds since the node lost power. */
export interface Prediction {
  /** To the desktop answering again: the central 95 % of what was played. */
  readonly recovery_ms: RangeMs;
  readonly recovery_median_ms: number;
  /** The same of each phase, as long as it lasts; null: it was not played apart from the others. */
  readonly phases_ms: Readonly<Record<Phase, RangeMs | null>>;
  /** What may decide it, the likeliest first. */
  readonly modes: readonly PredictedMode[];
  /** How many were played. */
  readonly failovers: number;
}

/** One way in which the cluster's rounds can fall. */
export interface PredictedMode {
  /** `caught in the freeze, late by one round`; `pass 9`. */
  readonly name: string;
  readonly why: string;
  /** Of what was played, 0 to 1. */
  readonly share: number;
  /** The central 95 % of this mode alone. */
  readonly recovery_ms: RangeMs;
}

/** A trial's prediction, as its journal has it. */
export interface PredictionFact {
  readonly prediction: Prediction;
  /**
   * When the Lease was renewed that it counts from, as the control plane told; null: its timers say how old the Lease was.
   * Not there: of a version that did not say.
   */
  readonly renewed_ms?: SpanMs | null;
}
