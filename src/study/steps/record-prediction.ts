import type { SpanMs } from "../../base/interval.ts";
import type { ClusterTimers } from "../../model/cluster-facts.ts";
import type { Observed, Trial } from "../trial.ts";

/** What is known of a trial's failover before it. */
interface Known {
  readonly victim: string;
  readonly timers: ClusterTimers;
  readonly killed_ms: SpanMs;
}

/**
 * How long this failover will take, from what was read before the kill and when that came. It is computed while the outage
 * has begun: before, its work would let the timers grow old, by some tenths of a second, and in a lab at 60 times the speed
 * by more than a whole cycle.
 */
export async function recordPrediction(
  { parts, notes }: Trial,
  known: Known,
  observed: Observed,
): Promise<void> {
  const { trial, arm } = parts;
  const prediction = await parts.predict({ trial, arm, ...known }, observed.signal);
  if (prediction !== null) await notes.note({ kind: "prediction", prediction });
}
