import type { Span } from "../../base/interval.ts";
import { instantFromMs } from "../../base/time.ts";
import type { ClocksRead } from "../../model/clock-offset.ts";

/**
 * When the clock of `host` showed something between two stamps (epoch seconds), by what it was ahead of ours when it was
 * asked. Null: it was not asked, or did not tell.
 */
export function shownAt(
  read: ClocksRead | null,
  host: string | null,
  [low, high]: readonly [low: number, high: number],
): Span | null {
  const own = read?.clocks.filter((clock) => clock.host === host) ?? [];
  const offset = (own.find(({ over }) => over === "ssh") ?? own[0])?.offset_ms;
  if (read === null || offset === undefined) return null;
  return {
    earliest: instantFromMs(low * 1000 - read.epoch_ms - offset[1]),
    latest: instantFromMs(high * 1000 - read.epoch_ms - offset[0]),
  };
}
