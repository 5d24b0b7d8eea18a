import type { RangeMs } from "../../base/interval.ts";
import type { Random } from "../../contracts/random.ts";

/** What is known of a loop, in milliseconds. */
interface KnownLoop {
  /** Since its latest round began that had shown at some moment; null: nothing is known. */
  readonly age: RangeMs | null;
  /** From one round to the next. */
  readonly round: number;
  /** From a round's beginning until it shows. */
  readonly shows: number;
  /** From that moment to the one that is asked for. */
  readonly since: number;
}

/**
 * How long ago the loop's latest round began, drawn evenly from what is known; null: nothing is. A round that was due had
 * not shown at that moment, so that it was at most this old; since then it may have begun.
 */
export function ageDrawn({ age, round, shows, since }: KnownLoop, random: Random): number | null {
  if (age === null) return null;
  const oldest = round + shows;
  const [low, high] = [Math.min(age[0], oldest), Math.min(age[1], oldest)];
  return (low + (high - low) * random.next() + since) % round;
}
