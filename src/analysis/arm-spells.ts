import type { RangeMs } from "../base/interval.ts";
import type { ArmSpell } from "../model/run-report.ts";
import type { SpellKind, TrialResult } from "../model/trial-result.ts";
import { medianOf } from "./median-of.ts";

/** In the order in which an outage may show them. */
const kinds = [
  "frozen",
  "silent",
  "unreachable",
  "refused",
  "http-error",
  "handshake",
  "black",
] as const satisfies readonly ArmSpell["kind"][];

/** What a user sees in an arm's recovered trials: each kind of spell with its length, and in how many of them it was seen. */
export function armSpells(trials: readonly TrialResult[]): readonly ArmSpell[] {
  const recovered = trials.filter(({ outcome }) => outcome.kind === "recovered");
  return kinds.flatMap((kind) => {
    const lengths = recovered.flatMap((trial) => {
      const length = kind === "frozen" ? (trial.session?.frozen_ms ?? null) : ofKind(trial, kind);
      return length === null ? [] : [length];
    });
    const median_ms = medianOf(lengths);
    return median_ms === null ? [] : [{ kind, trials: lengths.length, median_ms }];
  });
}

/** All spells of a kind that end after the fault, taken together: one that is interrupted is one spell to a user. */
function ofKind({ spells, instants: { fault } }: TrialResult, kind: SpellKind): RangeMs | null {
  const own = spells.filter((spell) => spell.kind === kind && spell.to_ms >= (fault?.[0] ?? 0));
  if (own.length === 0) return null;
  return own.reduce<RangeMs>(
    ([low, high], { length_ms }) => [low + length_ms[0], high + length_ms[1]],
    [0, 0],
  );
}
