/** A seeded source of randomness. The same seed gives the same numbers. */
export interface Random {
  readonly seed: number;
  /** Uniform in [0, 1). */
  next(): number;
  /** An independent stream, fixed by this one's seed and `label`. */
  fork(label: string): Random;
}
