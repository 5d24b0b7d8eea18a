import type { TrialRecord } from "../../src/analysis/trial-facts.ts";
import type { SpanMs } from "../../src/base/interval.ts";
import type { ProbeSpec } from "../../src/model/experiment.ts";
import type { FaultSpec } from "../../src/model/fault-spec.ts";
import type { TrialFact } from "../../src/model/journal.ts";

/** One that takes the machine with it, and so bounds the loss and is bounded by it; and one that does not. */
const deadly: FaultSpec = { kind: "power", action: "off", over: "ipmi" };
const harmless: FaultSpec = { kind: "drain", over: "api" };

/** What a run would have journalled of an outage, as far as its instants rest on it. */
export function journalOf(
  trial: string,
  fault: { readonly gone_ms: SpanMs; readonly isDeadly: boolean },
  spec: ProbeSpec,
): readonly TrialRecord[] {
  const facts: readonly TrialFact[] = [
    {
      kind: "observing",
      endpoint: "novnc",
      control: "tcp",
      grid: { period_ms: spec.period_ms, phase_ms: 0 },
      timeouts: { connect_ms: spec.connect_timeout_ms, attempt_ms: spec.attempt_timeout_ms },
      lateness_ms: 0,
      depth: spec.depth,
      consecutive: spec.consecutive,
    },
    { kind: "fault-requested", fault: fault.isDeadly ? deadly : harmless, victim: trial },
    { kind: "fault-confirmed", gone_ms: fault.gone_ms, evidence: "the player's own word" },
  ];
  return facts.map((fact, index) => ({
    seq: index + 1,
    at_ms: fault.gone_ms[1],
    wall: "",
    event: { trial, ...fact },
  }));
}
