import type { Span } from "../base/interval.ts";
import { spanInMs } from "../base/interval.ts";
import type { Sample } from "../model/sample.ts";
import type { Outcome } from "../model/trial-result.ts";
import { answeringOf } from "./answering.ts";
import type { Edges } from "./edges.ts";
import { killsTheMachine } from "./fault-nature.ts";
import { diesWith } from "./struck.ts";
import type { TrialRecord } from "./trial-facts.ts";
import { firstOf } from "./trial-facts.ts";
import { longestUnseen } from "./unseen-outage.ts";

/** How a trial came out. Everything that is not plainly recovered or plainly still down says nothing: void. */
export function outcomeOf(
  records: readonly TrialRecord[],
  samples: readonly Sample[],
  fault: Span | null,
  edges: Edges,
): Outcome {
  const ended = firstOf(records, "trial-ended");
  if (ended === null) return { kind: "interrupted", why: "the journal ends in the middle of it" };
  switch (ended.end) {
    case "refused":
    case "interrupted":
    case "void":
      return { kind: ended.end, why: ended.detail };
    case "completed":
      return completed(records, samples, fault, edges);
  }
}

function completed(
  records: readonly TrialRecord[],
  samples: readonly Sample[],
  fault: Span | null,
  edges: Edges,
): Outcome {
  if (fault === null) return { kind: "void", why: "no fault was confirmed" };
  const lateness = firstOf(records, "observing")?.lateness_ms ?? 0;
  if (firstOf(records, "never-lost") !== null || edges.lost === null) {
    return neverLost(records, samples, { fault, lateness });
  }
  if (edges.back !== null) return { kind: "recovered", instance: whichInstance(records, samples) };
  if (firstOf(records, "still-down") === null) {
    return { kind: "void", why: "the samples do not show it back, and no limit was reached" };
  }
  const [, faultLatest] = spanInMs(fault);
  // A lab may have shown it down that much longer than it was.
  const lastDownMs = (edges.lastDownMs ?? faultLatest) - lateness;
  return { kind: "censored", longer_than_ms: Math.max(0, lastDownMs - faultLatest) };
}

/**
 * A desktop that outlives its machine was not on it; one that outlives any other fault is what a cluster is for. Samples that
 * were put aside may have been the only ones of an outage.
 */
function neverLost(
  records: readonly TrialRecord[],
  samples: readonly Sample[],
  { fault, lateness }: { readonly fault: Span; readonly lateness: number },
): Outcome {
  if (
    samples.some(({ result }) => result.kind === "unobserved" && result.why === "control-failed")
  ) {
    const why = "no sample shows the desktop down at a time when the control target answered";
    return { kind: "void", why };
  }
  const requested = firstOf(records, "fault-requested")?.fault;
  if (requested === undefined || killsTheMachine(requested)) {
    return { kind: "void", why: "the desktop never stopped answering" };
  }
  const unseen = longestUnseen(samples, spanInMs(fault)[0]);
  return { kind: "no-outage", shorter_than_ms: unseen === null ? null : unseen + lateness };
}

/**
 * The same instance coming back is not a failover. Nothing outlives its machine, so where that died the control plane's word
 * that another one runs stands against an equal RFB name: a VM keeps its host name wherever it is started. Elsewhere the
 * name tells (a VM that was moved alive is the same in another QEMU), and where it does not, the control plane.
 */
function whichInstance(
  records: readonly TrialRecord[],
  samples: readonly Sample[],
): "new" | "same" | "unknown" {
  const byControlPlane = compare(
    firstOf(records, "victim-found")?.whereabouts.instance,
    firstOf(records, "answering-again")?.whereabouts.instance,
  );
  if (byControlPlane === "new" && diesWith(records)) return "new";
  const { before, after } = answeringOf(records, samples);
  const byName = compare(before, after);
  return byName === "unknown" ? byControlPlane : byName;
}

function compare(
  before: string | null | undefined,
  after: string | null | undefined,
): "new" | "same" | "unknown" {
  if (before === null || before === undefined) return "unknown";
  if (after === null || after === undefined) return "unknown";
  return before === after ? "same" : "new";
}
