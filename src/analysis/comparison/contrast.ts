import type {
  Contrast,
  ContrastVerdict,
  MeasureValues,
  OpenRangeMs,
} from "../../model/contrast.ts";
import type { DurationMeasure } from "../../model/experiment.ts";
import type { Reading } from "../measure-values.ts";
import { observed, readings } from "../measure-values.ts";
import { cliffsDelta } from "../statistics/cliffs-delta.ts";
import { hodgesLehmann, shiftInterval } from "../statistics/hodges-lehmann.ts";
import { logRank } from "../statistics/log-rank.ts";
import { mannWhitney } from "../statistics/mann-whitney.ts";

const SIGNIFICANT = 0.05;

/**
 * One measure of two arms. Values stand in by their middles. What an order could change is computed on the extremes as well: the
 * interval's lower end with all of the own values low and all others high, its upper end the other way round, and p on both.
 * A difference is called one when that interval leaves nought out; where a trial is censored, when the log-rank test says so in
 * every reading. A censored trial enters the interval as anything from its bound to no end, and no point value is given.
 */
export function contrast(
  measure: DurationMeasure,
  own: MeasureValues,
  other: MeasureValues,
): Contrast {
  const censored = [own.longer_than_ms.length, other.longer_than_ms.length] as const;
  const n = [countOf(own), countOf(other)] as const;
  const counted = { measure, n, censored };
  if (Math.min(...n) === 0) return { ...counted, ...nothing };
  const interval_ms = outerInterval(own, other);
  if (Math.max(...censored) > 0) {
    const { test, verdict } = byLogRank(own, other);
    return { ...counted, verdict, shift_ms: null, interval_ms, test, cliffs_delta: null };
  }
  const [mine, theirs] = [numbers(own, readings.middle), numbers(other, readings.middle)];
  return {
    ...counted,
    verdict: beyondNought(interval_ms),
    shift_ms: hodgesLehmann(mine, theirs),
    interval_ms,
    test: byRanks(own, other),
    cliffs_delta: cliffsDelta(mine, theirs),
  };
}

const nothing = {
  verdict: "no-evidence",
  shift_ms: null,
  interval_ms: null,
  test: null,
  cliffs_delta: null,
} as const;

const countOf = ({ values_ms, longer_than_ms }: MeasureValues): number =>
  values_ms.length + longer_than_ms.length;

/** Censored trials are as short as their bound where values are read low, and endless where they are read high. */
const numbers = (values: MeasureValues, reading: Reading): readonly number[] => [
  ...values.values_ms.map(reading),
  ...values.longer_than_ms.map((bound) => reading([bound, Number.POSITIVE_INFINITY])),
];

function outerInterval(own: MeasureValues, other: MeasureValues): OpenRangeMs | null {
  const low = shiftInterval(numbers(own, readings.low), numbers(other, readings.high));
  const high = shiftInterval(numbers(own, readings.high), numbers(other, readings.low));
  return low === null || high === null ? null : [finite(low[0]), finite(high[1])];
}

const finite = (value: number): number | null => (Number.isFinite(value) ? value : null);

function beyondNought(interval: OpenRangeMs | null): ContrastVerdict {
  const [low, high] = interval ?? [null, null];
  if (high !== null && high < 0) return "faster";
  return low !== null && low > 0 ? "slower" : "no-evidence";
}

/** The middles first, then both extremes. */
const READINGS: readonly (readonly [own: Reading, other: Reading])[] = [
  [readings.middle, readings.middle],
  [readings.low, readings.high],
  [readings.high, readings.low],
];

function byRanks(own: MeasureValues, other: MeasureValues): Contrast["test"] {
  const tests = READINGS.map(([mine, theirs]) =>
    mannWhitney(numbers(own, mine), numbers(other, theirs)),
  );
  const [first] = tests;
  if (first === undefined) return null;
  const level = (countOf(own) * countOf(other)) / 2;
  const p_largest = largestOf(tests.map(({ p, u }) => ({ p, surplus: u - level })));
  return { name: "mann-whitney", method: first.method, p: first.p, p_largest };
}

/** Where readings point to opposite sides, one between them shows no difference at all. */
function largestOf(tests: readonly { readonly p: number; readonly surplus: number }[]): number {
  const sides = new Set(tests.map(({ surplus }) => Math.sign(surplus)));
  return sides.size > 1 ? 1 : Math.max(...tests.map(({ p }) => p));
}

function byLogRank(own: MeasureValues, other: MeasureValues): Pick<Contrast, "test" | "verdict"> {
  const tests = READINGS.flatMap(
    ([mine, theirs]) => logRank(observed(own, mine), observed(other, theirs)) ?? [],
  );
  const [first] = tests;
  if (first === undefined || tests.length < READINGS.length) {
    return { test: null, verdict: "no-evidence" };
  }
  const p_largest = largestOf(tests);
  const side = first.surplus > 0 ? "faster" : "slower";
  return {
    test: { name: "log-rank", method: first.method, p: first.p, p_largest },
    verdict: p_largest < SIGNIFICANT ? side : "no-evidence",
  };
}
