import type { Observation } from "./kaplan-meier.ts";
import { upperTail } from "./normal.ts";

export interface LogRank {
  /** Chi-squared with one degree of freedom. */
  readonly chiSquared: number;
  readonly p: number;
  /** Ends of the first side that were seen, minus those expected if both were alike: above zero where it ends sooner. */
  readonly surplus: number;
}

/**
 * Whether two sides end alike, although the ends of some were not seen (Mantel, 1966; Peto and Peto, 1972; R's
 * `survdiff`). Null where no end was seen while both sides were being watched.
 */
export function logRank(
  one: readonly Observation[],
  other: readonly Observation[],
): LogRank | null {
  const all = [...one, ...other];
  const times = new Set(all.filter(({ seen }) => seen).map(({ time }) => time));
  let [surplus, variance] = [0, 0];
  for (const time of times) {
    const [atRisk, ended] = [watched(all, time), endsAt(all, time)];
    const share = watched(one, time) / atRisk;
    surplus += endsAt(one, time) - ended * share;
    if (atRisk > 1) variance += (ended * share * (1 - share) * (atRisk - ended)) / (atRisk - 1);
  }
  if (variance === 0) return null;
  const chiSquared = surplus ** 2 / variance;
  return { chiSquared, p: 2 * upperTail(Math.sqrt(chiSquared)), surplus };
}

const watched = (side: readonly Observation[], from: number): number =>
  side.filter(({ time }) => time >= from).length;

const endsAt = (side: readonly Observation[], at: number): number =>
  side.filter(({ time, seen }) => seen && time === at).length;
