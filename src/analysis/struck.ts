import type { Span } from "../base/interval.ts";
import { spanInMs } from "../base/interval.ts";
import type { Sample } from "../model/sample.ts";
import type { Edges } from "./edges.ts";
import { edgesOf, noOutage } from "./edges.ts";
import { killsTheMachine } from "./fault-nature.ts";
import { faultSpan, lostWith, outlivedBy } from "./fault-span.ts";
import type { TrialRecord } from "./trial-facts.ts";
import { firstOf } from "./trial-facts.ts";

interface Struck {
  /** Null: none was confirmed. */
  readonly fault: Span | null;
  readonly edges: Edges;
  /** What a reader should know of how the two fit. */
  readonly notes: readonly string[];
}

/**
 * When the fault struck, and the outage after it; where the machine dies, each bounds the other. Its desktop cannot be
 * back before it is dead, so that what was over by then was another outage.
 */
export function struck(records: readonly TrialRecord[], samples: readonly Sample[]): Struck {
  const proven = faultSpan(records);
  if (proven === null) return { fault: null, edges: noOutage, notes: [] };
  const consecutive = firstOf(records, "observing")?.consecutive ?? 1;
  if (!diesWith(records)) {
    return { fault: proven, edges: edgesOf(samples, proven, consecutive), notes: [] };
  }
  const [, latest] = spanInMs(proven);
  const edges = edgesOf(samples, proven, consecutive, latest);
  const fault = outlivedBy(proven, edges);
  const lost = lostWith(edges, fault);
  const contradicted = edges.lastUpMs !== null && edges.lastUpMs > latest;
  return { fault, edges: { ...edges, lost }, notes: contradicted ? [outlived] : [] };
}

const outlived =
  "the desktop answered after the proof that its node was dead: the fault is taken for the desktop's loss";

export function diesWith(records: readonly TrialRecord[]): boolean {
  const fault = firstOf(records, "fault-requested")?.fault;
  return fault !== undefined && killsTheMachine(fault);
}
