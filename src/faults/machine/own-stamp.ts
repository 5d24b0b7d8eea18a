import { inMs } from "../../base/time.ts";
import type { SshEnd } from "../../clients/ssh/ssh-run.ts";
import type { ClockStamp } from "../../model/clock-offset.ts";
import { DETACHED_PAUSE, detached } from "../detached.ts";

/** What the victim's clock shows goes out first, over the session that lives until the pause is over; then the command. */
export const stampedAndDetached = (command: string): string => `date +%s.%N; ${detached(command)}`;

/** The stamp that came back; null where there is none. */
export function ownStamp(host: string, end: SshEnd): ClockStamp | null {
  const stamp = end.kind === "exited" ? end.stdout.trim() : "";
  return /^\d+\.\d+$/u.test(stamp) ? { host, stamp, at_least_ms: inMs(DETACHED_PAUSE) } : null;
}
