import type { RangeMs } from "../base/interval.ts";
import type { ArmSpell } from "../model/run-report.ts";
import type { HeldSession, SpellKind, TrialResult } from "../model/trial-result.ts";
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
    const seen = recovered.flatMap((trial) => {
      const length_ms =
        kind === "frozen" ? (trial.session?.frozen_ms ?? null) : ofKind(trial, kind);
      const isOpen = kind === "frozen" && isLeftFrozen(trial.session);
      return length_ms === null ? [] : [{ length_ms, isOpen }];
    });
    const lengths = (isOpen: boolean): readonly RangeMs[] =>
      seen.filter((each) => each.isOpen === isOpen).map(({ length_ms }) => length_ms);
    return seen.length === 0
      ? []
      : [
          {
            kind,
            trials: seen.length,
            median_ms: medianOf(lengths(false)),
            left_open: leftOpen(lengths(true)),
          },
        ];
  });
}

/** The picture stood still when the session was left: that freeze has no length yet, only a least one. */
const isLeftFrozen = (session: HeldSession | null): boolean =>
  session?.end?.how === "left-open" && session.freezes.at(-1)?.until_ms === session.end.at_ms;

const leftOpen = (lengths: readonly RangeMs[]): ArmSpell["left_open"] =>
  lengths.length === 0
    ? null
    : { trials: lengths.length, at_least_ms: Math.min(...lengths.map(([low]) => low)) };

/** All spells of a kind that end after the fault, taken together: one that is interrupted is one spell to a user. */
function ofKind({ spells, instants: { fault } }: TrialResult, kind: SpellKind): RangeMs | null {
  const own = spells.filter((spell) => spell.kind === kind && spell.to_ms >= (fault?.[0] ?? 0));
  if (own.length === 0) return null;
  return own.reduce<RangeMs>(
    ([low, high], { length_ms }) => [low + length_ms[0], high + length_ms[1]],
    [0, 0],
  );
}
