import type { Observation } from "./kaplan-meier.ts";
import { upperTail } from "./normal.ts";
import { permutationP } from "./permutation.ts";

export interface LogRank {
  /** With one degree of freedom. */
  readonly chiSquared: number;
  /** Two-sided. */
  readonly p: number;
  /** Counted over all ways to share the trials out, or approximated. */
  readonly method: "exact" | "chi-squared";
  /** Ends of the first side that were seen, minus those expected if both were alike: above zero where it ends sooner. */
  readonly surplus: number;
}

/**
 * Whether two sides end alike, although the ends of some were not seen (Mantel, 1966; Peto and Peto, 1972; R's
 * `survdiff`). Null where no end was seen while both sides were being watched. Few trials have their p counted, as chi-squared
 * finds a difference in 2 against 3, of which no sharing out is rarer than one in ten.
 */
export function logRank(
  one: readonly Observation[],
  other: readonly Observation[],
): LogRank | null {
  const all = [...one, ...other];
  const times = [...new Set(all.filter(({ seen }) => seen).map(({ time }) => time))];
  const steps = times.map((time) => ({
    time,
    atRisk: watched(all, time),
    ended: endsAt(all, time),
  }));
  let [surplus, variance] = [0, 0];
  for (const { time, atRisk, ended } of steps) {
    const share = watched(one, time) / atRisk;
    surplus += endsAt(one, time) - ended * share;
    if (atRisk > 1) variance += (ended * share * (1 - share) * (atRisk - ended)) / (atRisk - 1);
  }
  if (variance === 0) return null;
  const chiSquared = surplus ** 2 / variance;
  // What each trial adds to its side's surplus, whichever side it is on.
  const scores = all.map(({ time, seen }) => Number(seen) - hazardUntil(time, steps));
  const exact = permutationP(scores, one.length);
  return exact === null
    ? { chiSquared, p: 2 * upperTail(Math.sqrt(chiSquared)), method: "chi-squared", surplus }
    : { chiSquared, p: exact, method: "exact", surplus };
}

interface Step {
  readonly time: number;
  readonly atRisk: number;
  readonly ended: number;
}

/** Nelson and Aalen's cumulative hazard. */
const hazardUntil = (time: number, steps: readonly Step[]): number =>
  steps.reduce((sum, step) => (step.time <= time ? sum + step.ended / step.atRisk : sum), 0);

const watched = (side: readonly Observation[], from: number): number =>
  side.filter(({ time }) => time >= from).length;

const endsAt = (side: readonly Observation[], at: number): number =>
  side.filter(({ time, seen }) => seen && time === at).length;
