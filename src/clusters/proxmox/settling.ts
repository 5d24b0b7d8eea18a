import type { Span } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { after, before, between, inSeconds, later, seconds } from "../../base/time.ts";
import type { Memory } from "./memory.ts";

/** Life of a pmxcfs lock: 120 s, compared strictly in whole seconds (facts 1.1). */
const LOCK_LIFE = seconds(121);

/**
 * After a boot that nobody here watched: the life of a lock, and a minute for a fencing that was acknowledged only after the
 * boot. Until then the node may have left a lock behind.
 */
const SETTLED_AFTER = seconds(180);

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

/**
 * Nodes that booted lately while this process did not watch the cluster, so that it cannot know of a fencing, with the
 * seconds for which they may still have left an agent lock behind. `uptimes` in seconds; PVE tells them every 10 s.
 */
export function unsettledNodes(
  uptimes: ReadonlyMap<string, number>,
  watched: Pick<Memory, "watched" | "watchedSince">,
  now: Instant,
): ReadonlyMap<string, number> {
  const boots = [...uptimes].filter(([, uptime]) => {
    const booted = before(now, seconds(uptime));
    const seen = watched.watched.some((each) => each.earliest <= booted && booted <= each.latest);
    return !seen && (watched.watchedSince === null || booted < watched.watchedSince);
  });
  const left = boots.map(([node, uptime]): [string, number] => [
    node,
    Math.ceil(inSeconds(SETTLED_AFTER) - uptime),
  ]);
  return new Map(left.filter(([, remaining]) => remaining > 0));
}
