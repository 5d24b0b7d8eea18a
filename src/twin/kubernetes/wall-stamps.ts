import { DateTime } from "luxon";
import type { Duration, Instant } from "../../base/time.ts";
import { after, inMs, sinceOrigin } from "../../base/time.ts";
import type { Scheduler } from "../../contracts/scheduler.ts";

const MINUTE_MS = 60_000;
/** A prediction plays the same few minutes again and again; a lab goes through a million in two years. */
const MINUTES_KEPT = 1000;

/** `2026-01-01T00:00:` by minutes since the epoch. */
const prefixes = new Map<number, string>();

function prefixOf(minute: number): string {
  const known = prefixes.get(minute);
  if (known !== undefined) return known;
  const start = DateTime.fromMillis(minute * MINUTE_MS, { zone: "utc" });
  const prefix = (start.toISO() ?? "").slice(0, "2026-01-01T00:00:".length);
  if (prefixes.size >= MINUTES_KEPT) prefixes.clear();
  prefixes.set(minute, prefix);
  return prefix;
}

/** The cluster's own stamps of now. Kubernetes writes whole seconds, but microseconds in Leases and new Events. */
export class WallStamps {
  readonly #scheduler: Scheduler;
  readonly #originMs: number;

  constructor(scheduler: Scheduler, origin: DateTime) {
    this.#scheduler = scheduler;
    this.#originMs = origin.toMillis();
  }

  /** `2026-01-01T00:00:07Z`, `ahead` of now. */
  seconds(ahead?: Duration): string {
    return `${this.#format(this.#now(ahead)).slice(0, 19)}Z`;
  }

  /** `2026-01-01T00:00:07.012345Z`, `ahead` of now (behind, when negative). */
  micros(ahead?: Duration): string {
    return this.#format(this.#now(ahead));
  }

  #now(ahead: Duration | undefined): Instant {
    const now = this.#scheduler.now();
    return ahead === undefined ? now : after(now, ahead);
  }

  /** Luxon writes each minute once; the rest is two numbers. A prediction stamps millions of times. */
  #format(instant: Instant): string {
    const ms = this.#originMs + inMs(sinceOrigin(instant));
    const minute = Math.floor(ms / MINUTE_MS);
    const micros = Math.floor((ms - minute * MINUTE_MS) * 1000);
    const text = String(micros).padStart(8, "0");
    return `${prefixOf(minute)}${text.slice(0, 2)}.${text.slice(2)}Z`;
  }
}
