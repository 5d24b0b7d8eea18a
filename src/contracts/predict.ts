import type { SpanMs } from "../base/interval.ts";
import type { ClusterTimers, ControlPlaneEvent } from "../model/cluster-facts.ts";
import type { Arm } from "../model/experiment.ts";
import type { PredictionFact } from "../model/prediction.ts";

/** What one trial's failover is predicted from. */
interface PredictedTrial {
  readonly arm: Arm;
  readonly victim: string;
  /** As they were just before the kill. */
  readonly timers: ClusterTimers;
  /** Of the victim's Lease, as far as they were seen: one may come between the timers and the kill. */
  readonly renewals: readonly ControlPlaneEvent[];
  /** When it came, on the run's clock. */
  readonly killed_ms: SpanMs;
}

/**
 * How long a trial's failover will take; or why nothing can be told, in words. It computes for some tenths of a second, and lets others
 * have their turn meanwhile. Rejects when `signal` is aborted.
 */
export type Predict = (
  trial: PredictedTrial,
  signal: AbortSignal,
) => Promise<PredictionFact | string>;
