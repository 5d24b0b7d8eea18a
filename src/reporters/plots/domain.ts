export type Domain = readonly [low: number, high: number];

/** Holds all values with some air around them; of none, a second from zero. */
export function domainOf(values: readonly number[], air = 0.04): Domain {
  if (values.length === 0) return [0, 1];
  const [least, most] = [leastOf(values), mostOf(values)];
  const margin = Math.max((most - least) * air, LEAST_AIR_S);
  return [Math.max(0, least - margin), most + margin];
}

/** Below the grid of any probe there is nothing to see. */
const LEAST_AIR_S = 0.1;

const leastOf = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const mostOf = (values: readonly number[]): number =>
  values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** Kept on the drawing. */
export const within = (value: number, [low, high]: Domain): number =>
  Math.min(Math.max(value, low), high);
