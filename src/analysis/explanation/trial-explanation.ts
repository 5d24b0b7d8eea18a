import type { Explanation } from "../../model/explanation.ts";
import type { Sample } from "../../model/sample.ts";
import { killsTheMachine } from "../fault-nature.ts";
import type { TrialRecord } from "../trial-facts.ts";
import { eventsOf, firstOf, lastOf } from "../trial-facts.ts";
import type { Predicted } from "./evidence.ts";
import type { Measured } from "./explain-trial.ts";
import { explainTrial } from "./explain-trial.ts";

interface TrialStory {
  readonly records: readonly TrialRecord[];
  /** As they were recorded. */
  readonly samples: readonly Sample[];
  readonly measured: Measured;
  /** Null: nobody predicted it. */
  readonly predicted: Predicted | null;
}

/** A trial's explanation from its journal and samples. */
export function trialExplanation({
  records,
  samples,
  measured,
  predicted,
}: TrialStory): Explanation | null {
  const fault = firstOf(records, "fault-requested")?.fault ?? null;
  const told = {
    timers: lastOf(records, "timers")?.timers ?? null,
    events: eventsOf(records),
    samples,
    lateness_ms: firstOf(records, "observing")?.lateness_ms ?? 0,
    killed: fault !== null && killsTheMachine(fault),
  };
  return explainTrial(measured, told, predicted);
}
