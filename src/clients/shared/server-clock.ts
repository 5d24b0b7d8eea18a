import type { Span } from "../../base/interval.ts";
import type { Instant } from "../../base/time.ts";
import { at, between, inSeconds, seconds, sinceOrigin } from "../../base/time.ts";

/**
 * What a cluster's wall clock says at an instant of ours, from the Date headers of its replies. A header is a whole
 * second, cut off; each reply bounds the offset to one second and its round trip, and many together much closer.
 * Bounds older than a minute are forgotten, so that drift cannot contradict them for long.
 */
const KEEP_SECONDS = 60;
const KEEP_REPLIES = 240;

interface Bound {
  readonly received: Instant;
  /** Server seconds minus our seconds. */
  readonly low: number;
  readonly high: number;
}

export class ServerClock {
  #bounds: Bound[] = [];

  /** `date` is the header in epoch seconds. */
  heard(date: number, sent: Instant, received: Instant): void {
    const bound = {
      received,
      low: date - secondsOf(received),
      high: date + 1 - secondsOf(sent),
    };
    const fresh = this.#bounds.filter(
      (each) => inSeconds(between(each.received, received)) <= KEEP_SECONDS,
    );
    const kept = [...fresh.slice(-KEEP_REPLIES + 1), bound];
    // Contradiction: somebody has set a clock (or it jumped). What was heard before no longer counts.
    this.#bounds = offset(kept) === null ? [bound] : kept;
  }

  /**
   * When a clock of the cluster that is cut to whole seconds showed `stamp`. Null before the first reply. Members keep
   * their clocks together (corosync and Ceph need it), so one offset serves for all of them.
   */
  instantOf(stamp: number): Span | null {
    const known = offset(this.#bounds);
    if (known === null) return null;
    return { earliest: instant(stamp - known.high), latest: instant(stamp + 1 - known.low) };
  }

  /** When that clock showed `stamp`, which is not cut: epoch seconds with their fraction. */
  instantOfExactly(stamp: number): Span | null {
    const known = offset(this.#bounds);
    if (known === null) return null;
    return { earliest: instant(stamp - known.high), latest: instant(stamp - known.low) };
  }
}

function offset(bounds: readonly Bound[]): { low: number; high: number } | null {
  const low = Math.max(...bounds.map((bound) => bound.low));
  const high = Math.min(...bounds.map((bound) => bound.high));
  return bounds.length > 0 && low <= high ? { low, high } : null;
}

const secondsOf = (when: Instant): number => inSeconds(sinceOrigin(when));
const instant = (secondsSinceOrigin: number): Instant => at(seconds(secondsSinceOrigin));
