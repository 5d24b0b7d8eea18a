export interface FiveNumbers {
  readonly min: number;
  readonly q1: number;
  readonly median: number;
  readonly q3: number;
  readonly max: number;
}

/** What a box shows; quartiles as R-7 has them, like all percentiles here. Null: nothing to show. */
export function fiveNumbers(values: readonly number[]): FiveNumbers | null {
  const ordered = values.toSorted((a, b) => a - b);
  if (ordered.length === 0) return null;
  const at = (share: number): number => {
    const place = (ordered.length - 1) * share;
    const [low, high] = [Math.floor(place), Math.ceil(place)].map((index) => ordered[index] ?? 0);
    return (low ?? 0) + ((high ?? 0) - (low ?? 0)) * (place % 1);
  };
  return { min: at(0), q1: at(0.25), median: at(0.5), q3: at(0.75), max: at(1) };
}
