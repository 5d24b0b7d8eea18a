import { assert, present } from "../../base/assert.ts";
import type { Duration, Instant } from "../../base/time.ts";
import type { EventQueue } from "../../twin/event-queue.ts";

/** What a twin tells from now on: runs it until something fits, within `limit`, and says when that was. */
export function watchTwin<Event extends { readonly at: Instant }>(
  queue: EventQueue,
  twin: { readonly subscribe: (listener: (event: Event) => void) => unknown },
  limit: Duration,
): (fits: (event: Event) => boolean) => Instant {
  const seen: Event[] = [];
  twin.subscribe((event) => seen.push(event));
  return (fits) => {
    assert(
      queue.runUntil(() => seen.some(fits), limit),
      "the twin's failover does not end",
    );
    return present(seen.find(fits), "what was seen").at;
  };
}
