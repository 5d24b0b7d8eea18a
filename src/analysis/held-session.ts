import type { RangeMs, SpanMs } from "../base/interval.ts";
import type { Sample } from "../model/sample.ts";
import type { Freeze, HeldSession } from "../model/trial-result.ts";
import type { TrialRecord } from "./trial-facts.ts";
import { allOf, firstOf } from "./trial-facts.ts";

/** What became of the session that was opened before the kill; null: none was held. `samples`: as they were observed. */
export function heldSession(
  records: readonly TrialRecord[],
  samples: readonly Sample[],
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
    frozen_ms: longest(
      freezes
        .filter(({ until_ms }) => until_ms >= (fault?.[0] ?? Number.POSITIVE_INFINITY))
        .map((freeze) => lengthOf(freeze, deafFrom(freeze, samples), latenessMs)),
    ),
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

/** Each reading of the longest is one of theirs: the lowest that it can be is the longest of their lower ends. */
const longest = (lengths: readonly RangeMs[]): RangeMs | null =>
  lengths.length === 0
    ? null
    : [
        lengths.reduce((most, [low]) => Math.max(most, low), 0),
        lengths.reduce((most, [, high]) => Math.max(most, high), 0),
      ];

/** What comes after `deafMs` may be our own network's doing, and TCP's, which waits the longer the longer it was not heard. */
const lengthOf = ({ since_ms, until_ms }: Freeze, deafMs: number, latenessMs: number): RangeMs => [
  Math.max(0, Math.min(until_ms, deafMs) - since_ms[1] - latenessMs),
  Math.max(0, until_ms - since_ms[0]) + latenessMs,
];

/** When the prober first heard neither the desktop nor the control target during a freeze; infinite: never. */
const deafFrom = ({ since_ms, until_ms }: Freeze, samples: readonly Sample[]): number =>
  samples.find(
    ({ result, scheduled_ms, ended_ms }) =>
      result.kind === "unobserved" &&
      result.why === "control-failed" &&
      scheduled_ms <= until_ms &&
      ended_ms >= since_ms[0],
  )?.scheduled_ms ?? Number.POSITIVE_INFINITY;
