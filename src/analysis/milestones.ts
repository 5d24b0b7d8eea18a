import type { Span, SpanMs } from "../base/interval.ts";
import { spanInMs } from "../base/interval.ts";
import type { ControlPlaneEvent, ControlPlaneEventKind } from "../model/cluster-facts.ts";
import type { TrialInstants } from "../model/trial-result.ts";

type Milestones = Pick<TrialInstants, "node_lost" | "fenced" | "node_chosen" | "instance_started">;
type SeenEvent = Pick<ControlPlaneEvent, "kind" | "node" | "observed_ms">;

/**
 * Which of the control plane's events mark the steps of this failover. The first of its kind that can belong to the
 * fault; for the start the last one before the desktop was back, since a start may be tried more than once.
 */
export function milestonesOf(
  events: readonly SeenEvent[],
  fault: Span,
  back: Span | null,
  victim: string,
): Milestones {
  const [faultMs] = spanInMs(fault);
  const backMs = back === null ? Number.POSITIVE_INFINITY : spanInMs(back)[1];
  const since = events.filter((event) => event.observed_ms[1] >= faultMs);
  const first = (kind: ControlPlaneEventKind, node: string | null): SpanMs | null =>
    since.find((event) => event.kind === kind && (node === null || event.node === node))
      ?.observed_ms ?? null;
  const chosen = since.findLast(
    (event) => event.kind === "node-chosen" && event.observed_ms[0] <= backMs,
  );
  const started = since.findLast(
    (event) => event.kind === "instance-started" && event.observed_ms[0] <= backMs,
  );
  return {
    node_lost: notBefore(first("node-lost", victim), faultMs),
    fenced: notBefore(first("fenced", null), faultMs),
    node_chosen: notBefore(chosen?.observed_ms ?? null, faultMs),
    instance_started: notBefore(started?.observed_ms ?? null, faultMs),
  };
}

/** What follows from the fault cannot have come before it, however long ago the last look was. */
const notBefore = (span: SpanMs | null, ms: number): SpanMs | null =>
  span === null ? null : [Math.max(span[0], ms), Math.max(span[1], ms)];
