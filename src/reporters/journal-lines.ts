import { counted } from "../base/counted.ts";
import { middleMs } from "../base/interval.ts";
import type { TrialEvent } from "../model/journal.ts";
import type { TrialResult } from "../model/trial-result.ts";
import type { StoryRecord, TrialStory } from "../model/trial-story.ts";
import { journalWords } from "./journal-words.ts";
import { since } from "./sample-words.ts";
import { shortText } from "./short-text.ts";

/**
 * A trial's journal, a line for each fact, in seconds since the fault or, where none struck, since the trial began. Renewals
 * of leases are only counted, and so are gaps in the observation that follow each other.
 * @param whole with what every trial has, too: preparations, readings of clocks and timers, gaps
 */
export function journalLines(
  { instants: { fault } }: TrialResult,
  { records }: TrialStory,
  whole: boolean,
): readonly string[] {
  const zero = fault === null ? (records[0]?.at_ms ?? 0) : middleMs(fault);
  const sinceZero = (ms: number): string => since(ms - zero);
  const told = records.filter(({ event }) => kindOf(event) !== "lease-renewed");
  const renewals = records.length - told.length;
  const shown = told.filter(({ event }) => whole || !routine.has(kindOf(event)));
  return [
    ...shown.flatMap((record, index) => {
      const gaps = gapsFrom(shown, index);
      if (gaps === null) return [];
      const words = `${sinceZero(record.at_ms)} ${journalWords(record.event, sinceZero)}`;
      return [shortText(gaps > 1 ? `${words}, the first of ${gaps}` : words, MOST_OF_LINE)];
    }),
    ...(renewals === 0 ? [] : [`${counted(renewals, "renewal")} of leases`]),
  ];
}

/** Of a line. */
export const MOST_OF_LINE = 150;

const kindOf = (event: TrialEvent): string =>
  event.kind === "control-plane" ? event.event.kind : event.kind;

const routine: ReadonlySet<string> = new Set([
  "trial-started",
  "cluster-ready",
  "intent",
  "act-done",
  "desktop-deployed",
  "observing",
  "session-held",
  "clock-offsets",
  "timers",
  "prediction",
  "observation-gap",
  "picture",
  "undo-done",
]);

/** How many gaps follow each other from here on; 0: this is none; null: it belongs to those before. */
function gapsFrom(records: readonly StoryRecord[], index: number): number | null {
  const isGap = (at: number): boolean => {
    const record = records[at];
    return record !== undefined && kindOf(record.event) === "observation-gap";
  };
  if (!isGap(index)) return 0;
  if (isGap(index - 1)) return null;
  let end = index;
  while (isGap(end)) end += 1;
  return end - index;
}
