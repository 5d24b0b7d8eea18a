import type { Span } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { after, between, inSeconds, later, seconds } from "../../base/time.ts";

/** Life of a pmxcfs lock: 120 s, compared strictly in whole seconds (facts 1.1). */
const LOCK_LIFE = seconds(121);

/**
 * Seconds until the agent lock that a fencing left behind has expired; 0 when there is none. The master took it and never
 * gives it back, so the returned victim cannot become active before, and the next trial would be slowed by this one. It
 * counts from the later of the acknowledgement and the return of the node that judges locks (the lowest nodeid).
 */
export function leftOverLockSeconds(
  seen: { readonly fenced: Span | null; readonly judgeReturned: Span | null },
  now: Instant,
): number {
  if (seen.fenced === null) return 0;
  const from =
    seen.judgeReturned === null
      ? seen.fenced.latest
      : later(seen.fenced.latest, seen.judgeReturned.latest);
  return Math.max(0, Math.ceil(inSeconds(between(now, after(from, LOCK_LIFE)))));
}
