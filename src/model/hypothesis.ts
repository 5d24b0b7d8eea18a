/** What may have made values that were measured elsewhere, whose timers nobody logged. */
export interface ReferenceHypotheses {
  /** Of the reference. */
  readonly title: string;
  readonly source: string;
  /** Likeliest first. */
  readonly ranked: readonly RankedHypothesis[];
  /** In words, a paragraph each: the likeliest, what makes its values, what changes them, what would decide. */
  readonly text: readonly string[];
  /** What the ranking takes for granted. */
  readonly assumed: readonly string[];
}

export interface RankedHypothesis {
  readonly name: string;
  /** How many times less likely the values are under it than under the first, which has 1. */
  readonly less_likely: number;
  /** Largest distance of its distribution function from that of the values, at its best constant. */
  readonly ecdf_distance: number;
  readonly median_ms: number;
  /** What no rule gives and all trials share, where it fits best; the ranking averages over all that it may be. */
  readonly constant_ms: number;
  readonly modes: readonly HypothesisMode[];
}

export interface HypothesisMode {
  readonly name: string;
  /** Of the failovers that it plays, 0..1. */
  readonly share: number;
  readonly median_ms: number;
  /** How many of the values most likely belong to it. */
  readonly values: number;
}
