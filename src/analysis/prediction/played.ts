import type { RangeMs } from "../../base/interval.ts";
import { recordOf } from "../../base/record-of.ts";
import type { Random } from "../../contracts/random.ts";
import type { Phase } from "../../model/experiment.ts";
import { phases } from "../../model/experiment.ts";
import type { PredictedMode, Prediction } from "../../model/prediction.ts";
import { ascending, quantile } from "../quantile.ts";
import { central } from "./central.ts";

/** One failover as the twin played it. Times are milliseconds since the node lost power. */
export interface Played {
  readonly recovery_ms: number;
  /** How long each phase took; null: it was not played apart. */
  readonly phases_ms: Readonly<Record<Phase, number | null>>;
  readonly mode: Pick<PredictedMode, "name" | "why">;
}

/** Plays one failover; where something is known only as a range, it comes out once for either end of it. */
export type Play = (random: Random) => readonly Played[];

/** Plays failovers, and says how they lie. The same randomness plays the same ones. */
export function predict(play: Play, random: Random, failovers: number): Prediction {
  const played = Array.from({ length: failovers }, (_, index) => play(draws(random, index)));
  return predictionFrom(played);
}

/** The randomness of one failover of many. */
export const draws = (random: Random, index: number): Random => random.fork(`failover ${index}`);

export function predictionFrom(failovers: readonly (readonly Played[])[]): Prediction {
  const played = failovers.flat();
  return {
    recovery_ms: around(failovers.map(recoveriesOf)),
    recovery_median_ms: quantile(ascending(recoveriesOf(played)), 0.5),
    phases_ms: recordOf(phases, (phase) => phaseOf(phase, failovers)),
    modes: modesOf(played),
    failovers: failovers.length,
  };
}

/** The central 95 %, whichever end of what is known as a range holds. */
const around = (failovers: readonly (readonly number[])[]): RangeMs => [
  central(failovers.map((ends) => Math.min(...ends)))[0],
  central(failovers.map((ends) => Math.max(...ends)))[1],
];

const recoveriesOf = (played: readonly Played[]): readonly number[] =>
  played.map(({ recovery_ms }) => recovery_ms);

function phaseOf(
  phase: Phase,
  failovers: readonly (readonly Played[])[],
): Prediction["phases_ms"][Phase] {
  const known = failovers.map((ends) =>
    ends.map(({ phases_ms }) => phases_ms[phase]).filter((each) => each !== null),
  );
  return known.some((ends) => ends.length === 0) ? null : around(known);
}

function modesOf(played: readonly Played[]): readonly PredictedMode[] {
  const byName = new Map<string, Played[]>();
  for (const each of played) {
    const alike = byName.get(each.mode.name) ?? [];
    alike.push(each);
    byName.set(each.mode.name, alike);
  }
  return [...byName.values()]
    .toSorted((a, b) => b.length - a.length)
    .flatMap((alike) =>
      alike.slice(0, 1).map(({ mode }) => ({
        ...mode,
        share: alike.length / played.length,
        recovery_ms: central(recoveriesOf(alike)),
      })),
    );
}
