import { describeError } from "../../base/errors.ts";
import type { SpanMs } from "../../base/interval.ts";
import type { ClusterTimers } from "../../model/cluster-facts.ts";
import type { PredictionFact } from "../../model/prediction.ts";
import type { Observed, Trial } from "../trial.ts";

/** What is known of a trial's failover before it. */
interface Known {
  readonly victim: string;
  readonly timers: ClusterTimers;
  readonly killed_ms: SpanMs;
}

/**
 * How long this failover will take, from what was read before the kill, the renewals that were seen since, and when it came. It is computed while the outage
 * has begun: before, its work would let the timers grow old, by some tenths of a second, and in a lab at 60 times the speed
 * by more than a whole cycle.
 */
export async function recordPrediction(
  trial: Trial,
  known: Known,
  observed: Observed,
): Promise<void> {
  const told = await predictOrSay(trial, known, observed);
  await trial.notes.note(
    typeof told === "string"
      ? { kind: "not-predicted", detail: told }
      : { kind: "prediction", ...told },
  );
}

/** The outage is measured whatever its prediction does: one that fails costs no more than itself. */
async function predictOrSay(
  { parts: { predict, arm } }: Trial,
  known: Known,
  { renewals, signal }: Observed,
): Promise<PredictionFact | string> {
  try {
    return await predict({ arm, renewals: renewals(), ...known }, signal);
  } catch (error) {
    if (signal.aborted) throw error;
    return describeError(error);
  }
}
