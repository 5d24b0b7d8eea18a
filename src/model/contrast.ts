import type { RangeMs } from "../base/interval.ts";
import type { DurationMeasure } from "./experiment.ts";

/** What the valid trials of an arm say of one measure. */
export interface MeasureValues {
  /** One interval for each trial in which it was seen. */
  readonly values_ms: readonly RangeMs[];
  /** One bound for each that was still under way at its limit. */
  readonly longer_than_ms: readonly number[];
}

/** A range that may have no end: null. */
export type OpenRangeMs = readonly [low: number | null, high: number | null];

/** One arm held against another. */
export interface ArmContrast {
  readonly arm: string;
  readonly against: string;
  readonly measures: readonly Contrast[];
}

export type ContrastVerdict = "faster" | "slower" | "no-evidence";

/** One measure of an arm held against that of another. Differences are the arm's own minus the other's. */
export interface Contrast {
  readonly measure: DurationMeasure;
  /** Trials of each that say something, censored ones included. */
  readonly n: readonly [own: number, other: number];
  readonly censored: readonly [own: number, other: number];
  readonly verdict: ContrastVerdict;
  /** Hodges-Lehmann; null where a trial is censored, so that it is known only to lie in the interval, or an arm has none. */
  readonly shift_ms: number | null;
  /** Of the shift, 95 %, wherever in their intervals the trials' values lie. Null: too few trials for one. */
  readonly interval_ms: OpenRangeMs | null;
  /** Null: there is nothing to test. */
  readonly test: ContrastTest | null;
  /** On the middles of the trials' intervals. Null where a trial is censored or an arm has none. */
  readonly cliffs_delta: {
    readonly value: number;
    /** 95 %; null below two trials. */
    readonly interval: readonly [low: number, high: number] | null;
  } | null;
}

interface ContrastTest {
  /** Where a trial is censored, the log-rank test stands in for Mann and Whitney's. */
  readonly name: "mann-whitney" | "log-rank";
  /** How p was found. */
  readonly method: "exact" | "normal" | "chi-squared";
  /** Two-sided, on the middles of the trials' intervals. */
  readonly p: number;
  /**
   * The largest of p on the middles and on both extremes: all of one arm's values low and the other's high, or the other way
   * round. 1 where these point to opposite sides.
   */
  readonly p_largest: number;
}
