/** The standard normal distribution, as far as tests and intervals need it. */

/** Its 97.5th percentile: two-sided intervals of 95 % reach so many standard errors. */
export const Z_95 = 1.959963984540054;

/** Below this the series converges in a few terms; above it the fraction does. */
const SERIES_BELOW = 3;
/** Enough for both to reach the last bits of a double. */
const TERMS = 100;

/** P(Z > z), to about 15 digits. Abramowitz and Stegun, Handbook of Mathematical Functions, 26.2.11 and 26.2.14. */
export function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const density = Math.exp((-z * z) / 2) / Math.sqrt(2 * Math.PI);
  return z < SERIES_BELOW ? 0.5 - density * series(z) : density / fraction(z);
}

/** z + z^3 / 3 + z^5 / (3 * 5) + ... */
function series(z: number): number {
  let [term, total] = [z, z];
  for (let odd = 3; odd < 2 * TERMS; odd += 2) {
    term *= (z * z) / odd;
    total += term;
  }
  return total;
}

/** z + 1 / (z + 2 / (z + 3 / ...)), from its far end. */
function fraction(z: number): number {
  let value = z;
  for (let numerator = TERMS; numerator > 0; numerator--) value = z + numerator / value;
  return value;
}
