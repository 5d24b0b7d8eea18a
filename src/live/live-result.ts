import { durationsOf } from "../analysis/durations.ts";
import { plainText } from "../base/plain-text.ts";
import type { PlannedTrial } from "../model/plan.ts";
import type { Outcome, TrialInstants } from "../model/trial-result.ts";
import type { KnownResult } from "./kept-facts.ts";
import type { LiveResult } from "./live-event.ts";

type Times = Pick<LiveResult, "since_ms" | "until_ms">;

/** What is shown of a trial that ended; `known` null: there were too many facts to tell. */
export function liveResult(
  { id, arm, repetition }: PlannedTrial,
  known: KnownResult | null,
  times: Times,
): LiveResult {
  return { trial: id, arm, repetition, ...(known === null ? nothing : told(known)), ...times };
}

type Told = Omit<LiveResult, "trial" | "arm" | "repetition" | keyof Times>;

const told = (known: KnownResult): Told => ({
  outcome: plainOutcome(known.outcome),
  victim: plain(known.victim),
  moved_to: plain(known.after?.node ?? null),
  instants: known.instants,
  durations_ms: known.durations_ms,
  predicted_ms: known.prediction?.recovery_ms ?? null,
  inside: known.prediction?.inside ?? null,
});

const noInstants: TrialInstants = {
  fault: null,
  lost: null,
  node_lost: null,
  fenced: null,
  node_chosen: null,
  instance_started: null,
  back: null,
};

const nothing: Told = {
  outcome: null,
  victim: null,
  moved_to: null,
  instants: noInstants,
  durations_ms: durationsOf(noInstants).durations_ms,
  predicted_ms: null,
  inside: null,
};

const plain = (text: string | null): string | null => (text === null ? null : plainText(text));

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
