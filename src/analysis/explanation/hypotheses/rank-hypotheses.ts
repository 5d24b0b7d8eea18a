import { present } from "../../../base/assert.ts";
import type { HypothesisMode, RankedHypothesis } from "../../../model/hypothesis.ts";
import { ascending, median, quantile } from "../../quantile.ts";
import type { Hypothesis, PlayedFailover } from "./hypothesis.ts";

/** One value in so many may be of something else: a slip of the hand, another fault. */
export const STRAY_SHARE = 0.01;
/** Such a one may be any up to that. */
const STRAY_MOST_MS = 600_000;
/** As many times less likely is never: and a number that JSON has. */
const BEYOND_TELLING = 1e12;

/**
 * Hypotheses by the likelihood of the values under each: the density of the failovers that it plays within `tolerance_ms`
 * of a value, for all values, averaged over what its constant may be. An average, not a best fit, so that one with
 * more freedom is not preferred for it. Likeliest first.
 */
export function rankHypotheses(
  hypotheses: readonly Hypothesis[],
  values_ms: readonly number[],
  tolerance_ms: number,
): readonly RankedHypothesis[] {
  const values = { values_ms: ascending(values_ms), tolerance_ms };
  const weighed = hypotheses
    .map((hypothesis) => weigh(hypothesis, values))
    .toSorted((a, b) => b.logLikelihood - a.logLikelihood);
  const best = weighed[0]?.logLikelihood ?? 0;
  return weighed.map((each) => ranked(each, values, best));
}

interface Values {
  /** Ascending. */
  readonly values_ms: readonly number[];
  readonly tolerance_ms: number;
}

interface Weighed {
  readonly hypothesis: Hypothesis;
  /** Its failovers without the constant, ascending. */
  readonly played: readonly number[];
  readonly logLikelihood: number;
  readonly constant_ms: number;
}

function weigh(hypothesis: Hypothesis, { values_ms, tolerance_ms }: Values): Weighed {
  const played = ascending(hypothesis.played.map(({ ruled_ms }) => ruled_ms));
  const fits = hypothesis.constants_ms.map((constant_ms) => ({
    constant_ms,
    log: sum(
      values_ms.map((value) => Math.log(density(played, value - constant_ms, tolerance_ms))),
    ),
  }));
  const best = present(fits.toSorted((a, b) => b.log - a.log)[0], "a constant");
  const average = sum(fits.map(({ log }) => Math.exp(log - best.log))) / fits.length;
  return {
    hypothesis,
    played,
    logLikelihood: best.log + Math.log(average),
    constant_ms: best.constant_ms,
  };
}

/** Per millisecond. */
function density(sorted: readonly number[], at: number, tolerance: number): number {
  const near = countBelow(sorted, at + tolerance) - countBelow(sorted, at - tolerance);
  const own = near / sorted.length / (2 * tolerance);
  return (1 - STRAY_SHARE) * own + STRAY_SHARE / STRAY_MOST_MS;
}

function countBelow(sorted: readonly number[], limit: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const half = (low + high) >>> 1;
    if ((sorted[half] ?? limit) < limit) low = half + 1;
    else high = half;
  }
  return low;
}

function ranked(
  { hypothesis, played, logLikelihood, constant_ms }: Weighed,
  values: Values,
  best: number,
): RankedHypothesis {
  const own = modesOf(hypothesis.played);
  const belongs = values.values_ms.map((value) =>
    likeliestMode(own, value - constant_ms, values.tolerance_ms),
  );
  return {
    name: hypothesis.name,
    less_likely: Math.min(Math.exp(best - logLikelihood), BEYOND_TELLING),
    ecdf_distance: distance(
      played,
      values.values_ms.map((value) => value - constant_ms),
    ),
    median_ms: quantile(played, 0.5) + constant_ms,
    constant_ms,
    modes: [...own].map(([mode, ruled]): HypothesisMode => ({
      name: mode,
      share: ruled.length / played.length,
      median_ms: median(ruled) + constant_ms,
      values: belongs.filter((each) => each === mode).length,
    })),
  };
}

/** Kolmogorov-Smirnov of many against few, both ascending: it is largest just before or at one of the few. */
const distance = (many: readonly number[], few: readonly number[]): number =>
  Math.max(
    ...few.flatMap((value, index) => {
      const share = countBelow(many, value) / many.length;
      return [Math.abs(share - index / few.length), Math.abs(share - (index + 1) / few.length)];
    }),
  );

type Modes = ReadonlyMap<string, readonly number[]>;

function modesOf(played: readonly PlayedFailover[]): Modes {
  const byMode = new Map<string, number[]>();
  for (const { mode, ruled_ms } of played) {
    const own = byMode.get(mode) ?? [];
    own.push(ruled_ms);
    byMode.set(mode, own);
  }
  return byMode;
}

/** The mode with most of the failovers near a value; null: none has any. */
function likeliestMode(modes: Modes, at: number, tolerance_ms: number): string | null {
  const near = [...modes].map(([mode, ruled]) => ({
    mode,
    count: ruled.filter((each) => Math.abs(each - at) <= tolerance_ms).length,
  }));
  const [most] = near.toSorted((a, b) => b.count - a.count);
  return most === undefined || most.count === 0 ? null : most.mode;
}

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);
