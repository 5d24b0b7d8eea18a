import type { DateTime } from "luxon";
import type { Random } from "../contracts/random.ts";

/** `2026-11-22T13-37-00Z-thesis-failover-a1b2`: sorts by time, is a file name everywhere, and two are never alike. */
export function createRunId(wall: DateTime, experiment: string, random: Random): string {
  const stamp = wall.toUTC().toFormat("yyyy-MM-dd'T'HH-mm-ss'Z'");
  const tail = Math.floor(random.next() * 0x1_0000)
    .toString(16)
    .padStart(4, "0");
  return `${stamp}-${experiment.toLowerCase().replace(/[^a-z0-9-]+/g, "-")}-${tail}`;
}
