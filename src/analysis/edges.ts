import type { Span } from "../base/interval.ts";
import { spanFromMs, spanInMs } from "../base/interval.ts";
import type { Sample } from "../model/sample.ts";

/** When the endpoint was lost and when it was back for good, as far as the samples can tell. */
export interface Edges {
  readonly lost: Span | null;
  readonly back: Span | null;
  /** By when a second attempt proves the loss, too: one alone may be a lost packet. Null: none does. ms on the run's clock. */
  readonly agreedLostMs: number | null;
  /** Start of the last bad attempt: it was certainly down at or after that, ms on the run's clock. */
  readonly lastDownMs: number | null;
  /** Start of the last good attempt before the outage: it was certainly up at or after that, ms on the run's clock. */
  readonly lastUpMs: number | null;
  /** Times it answered and was gone again before it stayed. */
  readonly flaps: number;
}

/** Good attempts that tell how long a round through all layers takes when all is well. */
const RECENT = 20;

/**
 * The outage after a fault, from the attempts around its two edges (DESIGN section 6). A good attempt proves that the
 * endpoint was up at some moment between its start and its end, a bad one that it was down at some moment between its
 * own; an unobserved one proves nothing and so widens what its neighbours leave open. Outages too short for an attempt
 * to start in them are not seen.
 *
 * - lost lies between the start of the last good attempt and the end of the first bad one. Where not even a SYN was
 *   answered, the loss came no later than one round trip after the start; the slowest of the latest good attempts
 *   stands for that. A good attempt that was still under way when the last of the first bad ones began may have waited
 *   through the outage (its SYN is sent again after a second), and so tells nothing of the loss.
 * - back lies between the start of the last bad attempt before, and the end of the first good attempt of, the first
 *   run of `consecutive` good ones. What comes after that run no longer moves it.
 *
 * What was over by `sinceMs` was another outage: an attempt that hangs may still be under way at the fault when those
 * after it have long been good.
 */
export function edgesOf(
  samples: readonly Sample[],
  fault: Span,
  consecutive: number,
  sinceMs = spanInMs(fault)[0],
): Edges {
  const all = samples
    .filter((sample) => sample.target === "desktop")
    .toSorted((a, b) => a.seq - b.seq);
  const ordered = all.filter((sample) => sample.result.kind !== "unobserved");
  const [faultMs] = spanInMs(fault);
  const found = outageSince(ordered, { faultMs, sinceMs, consecutive });
  if (found === null) return noOutage;
  const { before, outage, firstGood } = found;
  const lastDownMs = largest(outage.filter(isBad).map((sample) => sample.started_ms));
  const telling = tellingOf(before, outage);
  return {
    ...lossOf(telling, outage, all[0]?.started_ms ?? faultMs),
    back: firstGood === null ? null : spanFromMs([lastDownMs, firstGood.ended_ms]),
    lastDownMs,
    lastUpMs: telling.at(-1)?.started_ms ?? null,
    flaps: countFlaps(outage),
  };
}

export const noOutage: Edges = {
  lost: null,
  back: null,
  agreedLostMs: null,
  lastDownMs: null,
  lastUpMs: null,
  flaps: 0,
};

interface Since {
  readonly faultMs: number;
  readonly sinceMs: number;
  readonly consecutive: number;
}

interface Outage {
  readonly before: readonly Sample[];
  readonly outage: readonly Sample[];
  /** Of those that last; null: there are none. */
  readonly firstGood: Sample | null;
}

function outageSince(
  ordered: readonly Sample[],
  { faultMs, sinceMs, consecutive }: Since,
): Outage | null {
  for (let from = 0; ;) {
    const struck = ordered.findIndex(
      (sample, index) => index >= from && isBad(sample) && sample.ended_ms >= faultMs,
    );
    if (struck === -1) return null;
    // An outage that was under way when the fault struck began before it.
    const first = ordered.findLastIndex((sample, index) => index < struck && !isBad(sample)) + 1;
    const end = first + startOfRun(ordered.slice(first), consecutive);
    const firstGood = ordered[end] ?? null;
    if (firstGood === null || firstGood.ended_ms >= sinceMs) {
      return { before: ordered.slice(0, first), outage: ordered.slice(first, end), firstGood };
    }
    from = end;
  }
}

/** Where the first `length` good attempts in a row begin; behind the last sample where there are none. */
function startOfRun(samples: readonly Sample[], length: number): number {
  let start = 0;
  for (const [index, sample] of samples.entries()) {
    if (isBad(sample)) start = index + 1;
    else if (index + 1 - start >= length) return start;
  }
  return samples.length;
}

/** Where no good attempt tells since when it may have been lost, that may be since it was watched. */
function lossOf(
  telling: readonly Sample[],
  outage: readonly Sample[],
  watchedMs: number,
): Pick<Edges, "lost" | "agreedLostMs"> {
  const recent = telling.slice(-RECENT).map((sample) => sample.ended_ms - sample.started_ms);
  const roundTrip = recent.length === 0 ? null : largest(recent);
  const [latest = watchedMs, agreedLostMs = null] = outage
    .filter(isBad)
    .map((sample) => downBy(sample, roundTrip))
    .toSorted((a, b) => a - b);
  const earliest = Math.min(telling.at(-1)?.started_ms ?? watchedMs, latest);
  return { lost: spanFromMs([earliest, latest]), agreedLostMs };
}

/** Good attempts that were over before the loss can have been: a later one may have waited through the outage. */
function tellingOf(before: readonly Sample[], outage: readonly Sample[]): readonly Sample[] {
  const stillDownMs = lastStartOfFirstRow(outage);
  return before.filter((sample) => !isBad(sample) && sample.ended_ms <= stillDownMs);
}

/** Start of the last bad attempt before the first good one: it was certainly down at or after that, and not up since the loss. */
function lastStartOfFirstRow(outage: readonly Sample[]): number {
  const good = outage.findIndex((sample) => !isBad(sample));
  const row = good === -1 ? outage : outage.slice(0, good);
  return largest(row.map((sample) => sample.started_ms));
}

/** When a bad attempt proves that the endpoint was down. */
function downBy(sample: Sample, roundTrip: number | null): number {
  if (roundTrip === null || sample.result.kind !== "bad" || sample.result.reached !== null) {
    return sample.ended_ms;
  }
  const { kind } = sample.result.failure;
  return kind === "timed-out" || kind === "unreachable"
    ? Math.min(sample.ended_ms, sample.started_ms + roundTrip)
    : sample.ended_ms;
}

/** Each good attempt, or row of them, that bad ones follow. */
const countFlaps = (outage: readonly Sample[]): number =>
  outage.filter((sample, index) => {
    const next = outage[index + 1];
    return !isBad(sample) && next !== undefined && isBad(next);
  }).length;

const isBad = (sample: Sample): boolean => sample.result.kind === "bad";

/** Of any number: a long outage has more samples than a call may have arguments. */
const largest = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
