import { durationsOf } from "../../src/analysis/durations.ts";
import { edgesOf } from "../../src/analysis/edges.ts";
import { observedSamples } from "../../src/analysis/observed-samples.ts";
import type { RangeMs, SpanMs } from "../../src/base/interval.ts";
import { spanFromMs, spanInMs } from "../../src/base/interval.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { Truth } from "../play/truth-book.ts";
import { edgesOfTruth } from "../play/truth-book.ts";
import type { SpanNs } from "../player/truth.ts";
import type { Judged, Measured } from "./judged.ts";
import { widthLimits } from "./width-limits.ts";

/** Instants of samples are on file to the microsecond. */
const RESOLUTION_MS = 0.001;
const NS_PER_MS = 1e6;

/**
 * What the analysis makes of the samples of one outage, held against what really happened. The fault is the player's own
 * act, as tightly as the player knows it, so that nothing but the prober widens an interval.
 */
export function judge(
  truth: Truth,
  samples: readonly Sample[],
  at: { readonly origin: SpanNs; readonly consecutive: number },
): Judged {
  const { down, up } = edgesOfTruth(truth);
  const [fault, back] = [onClock(down, at.origin), onClock(up, at.origin)];
  const seen = observedSamples(samples);
  const edges = edgesOf(seen, spanFromMs(fault), at.consecutive);
  const none = { node_lost: null, fenced: null, node_chosen: null, instance_started: null };
  const instants = {
    fault,
    lost: edges.lost === null ? null : spanInMs(edges.lost),
    back: edges.back === null ? null : spanInMs(edges.back),
  };
  const { durations_ms } = durationsOf({ ...none, ...instants });
  const limits = widthLimits(seen, truth.period_ms, instants);
  const trueOutage: RangeMs = [back[0] - fault[1], back[1] - fault[0]];
  return {
    id: truth.id,
    kind: truth.kind,
    period_ms: truth.period_ms,
    unobserved: seen.filter(({ result }) => result.kind === "unobserved").length,
    attempts: seen.length,
    intervals: {
      lost: measured(instants.lost, fault, limits.lost),
      back: measured(instants.back, back, limits.back),
      outage: measured(durations_ms.outage, trueOutage, limits.lost + limits.back),
      // The fault is known no better than the player tells it.
      recovery: measured(durations_ms.recovery, trueOutage, limits.back + fault[1] - fault[0]),
    },
  };
}

/** Outwards to the next microsecond, so that no rounding lies. */
const onClock = (span: SpanNs, origin: SpanNs): SpanMs => [
  (span[0] - origin[1]) / NS_PER_MS - RESOLUTION_MS,
  (span[1] - origin[0]) / NS_PER_MS + RESOLUTION_MS,
];

function measured(seen: RangeMs | null, truth: RangeMs, limit_ms: number): Measured {
  if (seen === null) return { where: "unseen", seen_ms: null, truth_ms: truth, limit_ms };
  return { where: whereIs(truth, seen), seen_ms: seen, truth_ms: truth, limit_ms };
}

function whereIs(truth: RangeMs, seen: RangeMs): Measured["where"] {
  if (seen[0] <= truth[0] && truth[1] <= seen[1]) return "inside";
  return seen[1] < truth[0] || seen[0] > truth[1] ? "outside" : "touching";
}
