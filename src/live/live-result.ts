import type { MeasuredTrial } from "../analysis/analyse-trial.ts";
import { durationsOf } from "../analysis/durations.ts";
import { plainText } from "../base/plain-text.ts";
import type { PlannedTrial } from "../model/plan.ts";
import type { Outcome, TrialInstants } from "../model/trial-result.ts";
import type { LiveResult } from "./live-event.ts";

type Beside = Pick<LiveResult, "predicted_ms" | "since_ms" | "until_ms">;

/** What is shown of a trial that ended; null: there were too many facts to tell. */
export function liveResult(
  { id, arm, repetition }: PlannedTrial,
  measured: MeasuredTrial | null,
  beside: Beside,
): LiveResult {
  const instants = measured?.instants ?? noInstants;
  return {
    trial: id,
    arm,
    repetition,
    outcome: measured === null ? null : plainOutcome(measured.outcome),
    victim: plain(measured?.victim),
    moved_to: plain(measured?.after?.node),
    instants,
    durations_ms: measured?.durations_ms ?? durationsOf(instants).durations_ms,
    ...beside,
  };
}

const noInstants: TrialInstants = {
  fault: null,
  lost: null,
  node_lost: null,
  fenced: null,
  node_chosen: null,
  instance_started: null,
  back: null,
};

const plain = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : plainText(text);

function plainOutcome(outcome: Outcome): Outcome {
  switch (outcome.kind) {
    case "recovered":
    case "no-outage":
    case "censored":
      return outcome;
    case "void":
    case "refused":
    case "interrupted":
      return { ...outcome, why: plainText(outcome.why) };
  }
}
