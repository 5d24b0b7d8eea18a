import type { Sample } from "../model/sample.ts";

/**
 * How long an outage may have been that no attempt shows, ms; null where no two good ones tell. Good attempts may wait
 * through one: a machine that stands still for two seconds leaves each of them good, and late.
 *
 * Take the last attempt that began before the outage did. Each that began after that one was up at some moment of its own,
 * and so ended after the outage: the outage lies between the start of the one and the first end of the others. Those
 * that ended before the fault tell of what came before it. Attempts that failed or were not observed tell nothing here.
 */
export function longestUnseen(samples: readonly Sample[], faultMs: number): number | null {
  const good = samples
    .filter(({ target, result }) => target === "desktop" && result.kind === "good")
    .toSorted((a, b) => b.started_ms - a.started_ms);
  let longest: number | null = null;
  let firstEnd = Number.POSITIVE_INFINITY;
  // From the last attempt to the first, so that the ends of all that began later are known.
  for (const { started_ms, ended_ms } of good) {
    if (Number.isFinite(firstEnd) && firstEnd >= faultMs) {
      longest = Math.max(longest ?? 0, firstEnd - started_ms);
    }
    firstEnd = Math.min(firstEnd, ended_ms);
  }
  return longest;
}
