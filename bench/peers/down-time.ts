import type { Poll, PollMethod, Reading } from "./methods.ts";

const NS_PER_MS = 1e6;

/**
 * The down-time that a poller reports, in milliseconds; null when it noticed nothing, or never saw it come back. Stamps are
 * taken when a poll ends. An outage with flaps counts as one, from the last good poll before it to the first after it.
 */
export function downTime(
  polls: readonly Poll[],
  method: PollMethod,
  reading: Reading,
): number | null {
  const first = polls.findIndex(({ good }) => !good);
  if (first === -1) return null;
  switch (reading) {
    case "bad polls x pause":
      return polls.filter(({ good }) => !good).length * method.pause_ms;
    case "last good to first good": {
      const before = polls[first - 1];
      const after = polls[polls.findLastIndex(({ good }) => !good) + 1];
      return before === undefined || after === undefined
        ? null
        : (after.ended_ns - before.ended_ns) / NS_PER_MS;
    }
  }
}
