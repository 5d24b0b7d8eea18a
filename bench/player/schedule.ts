import { present } from "../../src/base/assert.ts";
import type { Random } from "../../src/contracts/random.ts";
import type { Down, Manner, OutageKind, PlannedOutage } from "./outage.ts";
import { outageKinds } from "./outage.ts";

/** What is played for one grid. */
export interface Part {
  readonly period_ms: number;
  readonly outages: number;
  /** How many are played at the same time. */
  readonly at_once: number;
  readonly longest_ms: number;
}

/** Before an outage everything answers for that long: two rounds of the slowest peer. */
const LEAD_MS = [4500, 6500] as const;
/** An attempt's deadline, four good ones after it, and room for a busy machine. */
const watchedFor = (period_ms: number): number => 2500 + 6 * period_ms;
/** The peers' longest timeout and their longest period, and room. */
const PEERS_LAST_ROUND_MS = 13_000;
/** A thaw within an attempt's deadline would be no outage but a slow answer. */
const SHORTEST_THAW_MS = 3000;
const SHORTEST_SILENCE_MS = 600;
const SLOW_MS = { 50: [100, 400], 250: [200, 800] } as const;
/** In periods of the grid: long enough for an attempt to be under way. */
const HICCUP_PERIODS = [1.1, 1.4] as const;
/**
 * From a hiccup to the outage: time for more than four good attempts, so that the desktop is back; and less than an
 * attempt's deadline of two seconds, so that one which hangs is still under way when the outage begins.
 */
const WELL_MS = { 50: [800, 1850], 250: [1650, 1850] } as const;

/** The same outages for the same seed: all kinds equally often, their times and lengths at random. */
export const scheduleOf = (part: Part, random: Random): readonly PlannedOutage[] =>
  Array.from({ length: part.outages }, (_, index) => {
    const kind = present(outageKinds[index % outageKinds.length], "a kind");
    return outage(kind, `${part.period_ms}-${index}`, part, random.fork(`outage ${index}`));
  });

function outage(kind: OutageKind, id: string, part: Part, random: Random): PlannedOutage {
  const { period_ms } = part;
  const grid = period_ms < 250 ? 50 : 250;
  const answer_ms = kind === "slow" ? uniform(SLOW_MS[grid], random) : 0;
  const hiccup_ms = period_ms * uniform(HICCUP_PERIODS, random);
  const well_ms = uniform(WELL_MS[grid], random) + answer_ms;
  return {
    id,
    kind,
    period_ms,
    hiccup: {
      up_before_ms: uniform(LEAD_MS, random) - well_ms - hiccup_ms,
      down_ms: hiccup_ms,
    },
    downs: downsOf(kind, well_ms, part, random),
    answer_ms,
    watched_ms: watchedFor(period_ms),
    rest_ms: Math.max(0, PEERS_LAST_ROUND_MS - watchedFor(period_ms)),
  };
}

function downsOf(
  kind: OutageKind,
  up_before_ms: number,
  part: Part,
  random: Random,
): readonly Down[] {
  if (kind === "flapping") return flaps(up_before_ms, part, random);
  // Each long enough for an attempt to start in it: an outage between two attempts is not seen by any prober.
  const down_ms = logUniform(2 * part.period_ms + 150, part.longest_ms, random);
  const as = mannerOf(kind, down_ms, random);
  const least = as.kind === "silent" ? SHORTEST_SILENCE_MS : 0;
  return [{ as, up_before_ms, down_ms: Math.max(least, down_ms) }];
}

function mannerOf(kind: Exclude<OutageKind, "flapping">, down_ms: number, random: Random): Manner {
  switch (kind) {
    case "refused":
    case "silent":
    case "reset":
    case "vnc-down":
      return { kind };
    case "half-open":
    case "slow":
      return { kind: "mute" };
    case "http-error":
      return { kind, status: random.next() < 0.5 ? 502 : 503 };
    case "frozen":
      return { kind, thaws: down_ms >= SHORTEST_THAW_MS && random.next() < 0.5 };
  }
}

const FLAPPING_AS = ["refused", "reset", "http-error", "vnc-down"] as const;

/** Up again for less than four attempts, so that it is not yet back; down for long enough to be seen. */
function flaps(up_before_ms: number, { period_ms }: Part, random: Random): readonly Down[] {
  const count = 2 + Math.floor(3 * random.next());
  const kind = present(FLAPPING_AS[Math.floor(FLAPPING_AS.length * random.next())], "a kind");
  return Array.from({ length: count }, (_, index) => ({
    as: mannerOf(kind, 0, random),
    up_before_ms: index === 0 ? up_before_ms : uniform([0.2 * period_ms, 1.6 * period_ms], random),
    down_ms: uniform([2 * period_ms + 150, 8 * period_ms + 150], random),
  }));
}

const uniform = ([low, high]: readonly [number, number], random: Random): number =>
  low + (high - low) * random.next();

/** As many between 1 s and 2 s as between 10 s and 20 s. */
const logUniform = (low: number, high: number, random: Random): number =>
  low * (high / low) ** random.next();
