import type { Span, SpanMs } from "../base/interval.ts";
import { spanFromMs, spanInMs } from "../base/interval.ts";
import type { TrialRecord } from "./trial-facts.ts";
import { allOf, firstOf } from "./trial-facts.ts";

/**
 * When the fault struck: from the last proof of life to the first proof of death, or of whatever it does. What the
 * victim's own clock showed before it was struck is one more proof of life, as exact as the offset of that clock is known.
 */
export function faultSpan(records: readonly TrialRecord[]): Span | null {
  const confirmed = firstOf(records, "fault-confirmed");
  if (confirmed === null) return null;
  return spanFromMs(noSooner(confirmed.gone_ms, stampedMs(records)));
}

/** A machine that dies with the fault lived while its desktop answered: the desktop's last good attempt is its sentinel. */
export const outlivedBy = (fault: Span, lastUpMs: number | null): Span =>
  spanFromMs(noSooner(spanInMs(fault), lastUpMs));

const noSooner = ([earliest, latest]: SpanMs, ms: number | null): SpanMs => [
  Math.min(latest, Math.max(earliest, ms ?? earliest)),
  latest,
];

/** The earliest moment that the stamp leaves, on our clock; null where there is none, or its clock was not measured. */
function stampedMs(records: readonly TrialRecord[]): number | null {
  const stamp = firstOf(records, "fault-confirmed")?.stamp;
  const read = allOf(records, "clock-offsets").find(({ when }) => when === "before");
  const clock = read?.clocks.find(({ host, over }) => host === stamp?.host && over === "ssh");
  if (stamp === undefined || read === undefined || clock === undefined) return null;
  return Number(stamp.stamp) * 1000 - read.epoch_ms - clock.offset_ms[1] + stamp.at_least_ms;
}
