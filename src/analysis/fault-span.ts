import type { Span } from "../base/interval.ts";
import { spanFromMs, spanInMs } from "../base/interval.ts";
import type { Edges } from "./edges.ts";
import type { TrialRecord } from "./trial-facts.ts";
import { allOf, firstOf } from "./trial-facts.ts";

/**
 * When the fault struck: from the last proof of life to the first proof of death, or of whatever it does. What the
 * victim's own clock showed before it was struck is one more proof of life, as exact as the offset of that clock is known.
 * A stamp of after the proof of death proves that the clock was set meanwhile, and nothing else.
 */
export function faultSpan(records: readonly TrialRecord[]): Span | null {
  const confirmed = firstOf(records, "fault-confirmed");
  if (confirmed === null) return null;
  const [earliest, latest] = confirmed.gone_ms;
  const stamped = stampedMs(records);
  if (stamped === null || stamped > latest) return spanFromMs(confirmed.gone_ms);
  return spanFromMs([Math.max(earliest, stamped), latest]);
}

/**
 * A machine that dies with the fault lived while its desktop answered: the desktop's last good attempt is its sentinel.
 * Where that began after the proof of death, the proof came too soon, and the machine died with its desktop.
 */
export function outlivedBy(fault: Span, { lastUpMs, lost }: Edges): Span {
  if (lastUpMs === null || lost === null) return fault;
  const [earliest, latest] = spanInMs(fault);
  if (lastUpMs > latest) return spanFromMs([lastUpMs, Math.max(lastUpMs, spanInMs(lost)[1])]);
  return spanFromMs([Math.max(earliest, lastUpMs), latest]);
}

/**
 * Where the machine dies its desktop dies with it, and not before: one attempt that fails before the death, as where a packet
 * was lost, proves no loss. Two do, as of a desktop that was stopped first.
 */
export function lostWith({ lost, agreedLostMs }: Edges, fault: Span): Span | null {
  if (lost === null) return null;
  const [earliest, latest] = spanInMs(fault);
  const [from, by] = spanInMs(lost);
  const proven = by < earliest ? (agreedLostMs ?? latest) : by;
  if (proven < earliest || from > latest) return lost;
  return spanFromMs([Math.max(from, earliest), Math.min(proven, latest)]);
}

/** The earliest moment that the stamp leaves, on our clock; null where there is none, or its clock was not measured. */
function stampedMs(records: readonly TrialRecord[]): number | null {
  const stamp = firstOf(records, "fault-confirmed")?.stamp;
  const read = allOf(records, "clock-offsets").find(({ when }) => when === "before");
  const clock = read?.clocks.find(({ host, over }) => host === stamp?.host && over === "ssh");
  if (stamp === undefined || read === undefined || clock === undefined) return null;
  return Number(stamp.stamp) * 1000 - read.epoch_ms - clock.offset_ms[1] + stamp.at_least_ms;
}
