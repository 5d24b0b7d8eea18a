import type { RangeMs, SpanMs } from "../../base/interval.ts";
import { middleMs } from "../../base/interval.ts";
import type { Wait, WaitText } from "../../model/explanation.ts";

/** A wait and the instant at which it was over. */
export interface Step {
  readonly text: WaitText;
  /** Null: not seen, and no rule tells. */
  readonly end: SpanMs | null;
  /** Told by the cluster or by the samples, not computed by a rule. */
  readonly seen: boolean;
}

/**
 * The waits of a recovery. Where the end of a step is unknown, or contradicts what was seen, it and the next are one wait.
 * The last step ends with the recovery, whatever its own end.
 *
 * They add up: the spans are put in order first, so that neither their earliest nor their latest ends run backwards. Then
 * there is a course of events within them for each recovery that was measured, and middles follow one another as well.
 */
export function waitsBetween(fault: SpanMs, back: SpanMs, steps: readonly Step[]): readonly Wait[] {
  const [first, last]: readonly [SpanMs, SpanMs] = [
    [fault[0], Math.min(fault[1], back[1])],
    [Math.max(fault[0], back[0]), back[1]],
  ];
  const ends = trustedEnds(first, last, steps);
  const waits: Wait[] = [];
  let [from, unended]: [SpanMs, WaitText[]] = [first, []];
  for (const [index, { text }] of steps.entries()) {
    unended.push(text);
    const end = index === steps.length - 1 ? last : ends[index];
    if (end === undefined || end === null) continue;
    waits.push({
      ...merged(unended),
      ms: lengthBetween(from, end),
      likely_ms: middleMs(end) - middleMs(from),
    });
    [from, unended] = [end, []];
  }
  return waits;
}

export const lengthBetween = (from: SpanMs, to: SpanMs): RangeMs => [
  Math.max(0, to[0] - from[1]),
  Math.max(0, to[1] - from[0]),
];

type Ends = readonly (SpanMs | null)[];

/** The ends that do not contradict each other, in order. What was seen goes before what was computed. */
function trustedEnds(first: SpanMs, last: SpanMs, steps: readonly Step[]): Ends {
  let ends: Ends = steps.map(() => null);
  for (const trust of [true, false]) {
    for (const [index, { end, seen }] of steps.slice(0, -1).entries()) {
      if (end === null || seen !== trust || end[0] > last[1] || end[1] < first[0]) continue;
      // Where it may lie before the fault's latest moment or after the earliest return, no order is known.
      const within: SpanMs = [Math.min(end[0], last[0]), Math.max(end[1], first[1])];
      ends = inOrder(first, last, ends.with(index, within)) ?? ends;
    }
  }
  return ends;
}

/** None before one that precedes it, none after one that follows; null when they contradict each other. */
function inOrder(first: SpanMs, last: SpanMs, ends: Ends): Ends | null {
  const lows: number[] = [];
  for (const end of ends) lows.push(Math.max(lows.at(-1) ?? first[0], end?.[0] ?? first[0]));
  const highs: number[] = [];
  for (const end of ends.toReversed()) {
    highs.unshift(Math.min(highs[0] ?? last[1], end?.[1] ?? last[1]));
  }
  const ordered = ends.map((end, index): SpanMs | null =>
    end === null ? null : [lows[index] ?? end[0], highs[index] ?? end[1]],
  );
  return ordered.some((end) => end !== null && end[0] > end[1]) ? null : ordered;
}

function merged(texts: readonly WaitText[]): WaitText {
  const all = <Key extends keyof WaitText>(key: Key): readonly NonNullable<WaitText[Key]>[] =>
    [...new Set(texts.map((text) => text[key]))].filter((value) => value !== null);
  const [phase = "recovery", otherPhase] = all("phase");
  const [within = null] = texts.map((text) => text.within);
  return {
    name: all("name").join(" + "),
    phase: otherPhase === undefined ? phase : "recovery",
    rule: all("rule").join(" "),
    setting: joined(all("setting")),
    shorten: joined(all("shorten")),
    source: all("source").join("; "),
    within: texts.every((text) => text.within === within) ? within : null,
  };
}

const joined = (parts: readonly string[]): string | null =>
  parts.length === 0 ? null : parts.join("; ");

/** An end that somebody told of. */
export const seen = (end: SpanMs | null): Pick<Step, "end" | "seen"> => ({ end, seen: true });
