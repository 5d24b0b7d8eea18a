import type { Span } from "../base/interval.ts";
import type { Sample } from "../model/sample.ts";
import type { Edges } from "./edges.ts";
import { edgesOf, noOutage } from "./edges.ts";
import { killsTheMachine } from "./fault-nature.ts";
import { faultSpan, outlivedBy } from "./fault-span.ts";
import type { TrialRecord } from "./trial-facts.ts";
import { firstOf } from "./trial-facts.ts";

interface Struck {
  /** Null: none was confirmed. */
  readonly fault: Span | null;
  readonly edges: Edges;
}

/** When the fault struck, and the outage after it; where the machine dies, each bounds the other. */
export function struck(records: readonly TrialRecord[], samples: readonly Sample[]): Struck {
  const fault = faultSpan(records);
  if (fault === null) return { fault, edges: noOutage };
  const edges = edgesOf(samples, fault, firstOf(records, "observing")?.consecutive ?? 1);
  return { fault: diesWith(records) ? outlivedBy(fault, edges.lastUpMs) : fault, edges };
}

export const diesWith = (records: readonly TrialRecord[]): boolean => {
  const fault = firstOf(records, "fault-requested")?.fault;
  return fault !== undefined && killsTheMachine(fault);
};
