import { analyseTrial } from "../../src/analysis/analyse-trial.ts";
import { observedSamples } from "../../src/analysis/observed-samples.ts";
import type { RangeMs, SpanMs } from "../../src/base/interval.ts";
import type { Random } from "../../src/contracts/random.ts";
import type { ProbeSpec } from "../../src/model/experiment.ts";
import type { Sample } from "../../src/model/sample.ts";
import type { Truth } from "../play/truth-book.ts";
import { edgesOfTruth } from "../play/truth-book.ts";
import type { SpanNs } from "../player/truth.ts";
import { journalOf } from "./journal.ts";
import type { Judged, Measured } from "./judged.ts";
import { widthLimits } from "./width-limits.ts";

/** Instants of samples are on file to the microsecond. */
const RESOLUTION_MS = 0.001;
const NS_PER_MS = 1e6;
/** How badly the fault is known at worst, either way. */
const BLUR_MS = 100;

interface Circumstances {
  /** Of the prober's clock on the machine's. */
  readonly origin: SpanNs;
  readonly spec: ProbeSpec;
  readonly random: Random;
}

/**
 * What the analysis makes of the samples of one outage, held against what really happened. The desktop goes down with the
 * fault. That is told to the analysis as a run would know it: up to 100 ms too early and too late, and for every other
 * outage as the death of the machine, which then bounds the loss, too.
 */
export function judge(
  truth: Truth,
  samples: readonly Sample[],
  { origin, spec, random }: Circumstances,
): Judged {
  const { down, up } = edgesOfTruth(truth);
  const [fault, back] = [onClock(down, origin), onClock(up, origin)];
  const gone_ms = blurred(fault, random);
  const records = journalOf(truth.id, { gone_ms, isDeadly: random.next() < 0.5 }, spec);
  const trial = { id: truth.id, arm: truth.kind, repetition: 1, seed: 1 };
  const { instants, durations_ms } = analyseTrial(trial, records, samples);
  const seen = observedSamples(samples);
  const caught = seen.filter((sample) => isCaught(sample, truth, origin));
  const limits = widthLimits(
    seen.filter((sample) => !caught.includes(sample)),
    truth.period_ms,
    instants,
  );
  const blur = gone_ms[1] - gone_ms[0] + RESOLUTION_MS;
  const trueOutage: RangeMs = [back[0] - fault[1], back[1] - fault[0]];
  return {
    id: truth.id,
    kind: truth.kind,
    period_ms: truth.period_ms,
    unobserved: seen.filter(({ result }) => result.kind === "unobserved").length,
    hanging: caught.filter(({ ended_ms }) => ended_ms >= fault[0]).length,
    attempts: seen.length,
    intervals: {
      fault: measured(instants.fault, fault, blur),
      lost: measured(instants.lost, fault, limits.lost),
      back: measured(instants.back, back, limits.back),
      outage: measured(durations_ms.outage, trueOutage, limits.lost + limits.back),
      recovery: measured(durations_ms.recovery, trueOutage, limits.back + blur),
    },
  };
}

const blurred = ([earliest, latest]: SpanMs, random: Random): SpanMs => [
  earliest - RESOLUTION_MS - BLUR_MS * random.next(),
  latest + RESOLUTION_MS + BLUR_MS * random.next(),
];

/** It failed for the hiccup before the outage: so it may have taken long, but bounds no edge. */
const isCaught = ({ result, started_ms }: Sample, { hiccup }: Truth, origin: SpanNs): boolean =>
  result.kind === "bad" && hiccup !== null && started_ms <= onClock(hiccup, origin)[1];

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
