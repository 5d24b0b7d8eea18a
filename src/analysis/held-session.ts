import type { RangeMs, SpanMs } from "../base/interval.ts";
import type { Freeze, HeldSession } from "../model/trial-result.ts";
import type { TrialRecord } from "./trial-facts.ts";
import { allOf, firstOf } from "./trial-facts.ts";

/** What became of the session that was opened before the kill; null: none was held. */
export function heldSession(
  records: readonly TrialRecord[],
  fault: SpanMs | null,
  latenessMs: number,
): HeldSession | null {
  const held = firstOf(records, "session-held");
  if (held === null) return null;
  const ended = firstOf(records, "session-ended");
  const freezes = freezesOf(records);
  return {
    instance: held.instance,
    opened_ms: held.asked_ms,
    freezes,
    frozen_ms: longest(freezes, fault?.[0] ?? Number.POSITIVE_INFINITY, latenessMs),
    end: ended === null ? null : { how: ended.how, at_ms: ended.at_ms, detail: ended.detail },
  };
}

/** Each ends when the picture moved again, or with the session. */
function freezesOf(records: readonly TrialRecord[]): readonly Freeze[] {
  const thaws = allOf(records, "session-thawed");
  const thawed = allOf(records, "session-frozen").flatMap(({ since_ms }, index): Freeze[] => {
    const thaw = thaws[index];
    return thaw === undefined ? [] : [{ since_ms, until_ms: thaw.at_ms }];
  });
  const ended = firstOf(records, "session-ended");
  return ended === null || ended.since_ms === null
    ? thawed
    : [...thawed, { since_ms: ended.since_ms, until_ms: ended.at_ms }];
}

/** Of those that the fault may have made. */
function longest(freezes: readonly Freeze[], faultMs: number, latenessMs: number): RangeMs | null {
  const lengths = freezes
    .filter(({ until_ms }) => until_ms >= faultMs)
    .map(({ since_ms, until_ms }): RangeMs => [
      Math.max(0, until_ms - since_ms[1] - latenessMs),
      Math.max(0, until_ms - since_ms[0]) + latenessMs,
    ]);
  return lengths.toSorted((a, b) => b[1] - a[1])[0] ?? null;
}
