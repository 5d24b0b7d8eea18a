import type { RangeMs, SpanMs } from "../base/interval.ts";
import { recordOf } from "../base/record-of.ts";
import type { DurationMeasure } from "../model/experiment.ts";
import { durationMeasures } from "../model/experiment.ts";
import type { TrialInstants } from "../model/trial-result.ts";

export interface Durations {
  readonly durations_ms: Readonly<Record<DurationMeasure, RangeMs | null>>;
  readonly not_measured: Readonly<Partial<Record<DurationMeasure, string>>>;
}

type InstantName = keyof TrialInstants;

/** From where to where each duration runs (DESIGN section 1). The five phases follow one another, so they add up to the recovery. */
const measures: Readonly<Record<DurationMeasure, readonly [from: InstantName, to: InstantName]>> = {
  recovery: ["fault", "back"],
  outage: ["lost", "back"],
  detection: ["fault", "node_lost"],
  fencing: ["node_lost", "fenced"],
  placement: ["fenced", "node_chosen"],
  start: ["node_chosen", "instance_started"],
  service: ["instance_started", "back"],
};

const unseen: Readonly<Record<InstantName, string>> = {
  fault: "no fault was confirmed",
  lost: "the endpoint was never seen lost",
  node_lost: "the control plane was not seen to miss the node",
  fenced: "no fencing was seen",
  node_chosen: "no new node was seen chosen",
  instance_started: "no start was seen",
  back: "the endpoint was not seen back for good",
};

export function durationsOf(instants: TrialInstants): Durations {
  const of = (measure: DurationMeasure): RangeMs | null => {
    const [from, to] = measures[measure];
    const [start, end] = [instants[from], instants[to]];
    return start === null || end === null ? null : range(start, end);
  };
  const missing = durationMeasures.filter((measure) => of(measure) === null);
  return {
    durations_ms: recordOf(durationMeasures, of),
    not_measured: Object.fromEntries(missing.map((measure) => [measure, why(measure, instants)])),
  };
}

const why = (measure: DurationMeasure, instants: TrialInstants): string => {
  const [from, to] = measures[measure];
  return unseen[instants[from] === null ? from : to];
};

/** A step follows the one before it, so its duration is never below zero, even where the two spans overlap. */
const range = (start: SpanMs, end: SpanMs): RangeMs => [
  Math.max(0, end[0] - start[1]),
  Math.max(0, end[1] - start[0]),
];
