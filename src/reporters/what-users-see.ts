import type { ArmReport, ArmSpell } from "../model/run-report.ts";
import type { SessionEnd } from "../model/held-session.ts";
import type { HeldSession, Spell, TrialResult } from "../model/trial-result.ts";
import { plainText } from "../base/plain-text.ts";
import { NONE, measured, seconds, secondsWithUnit, statistic } from "./format.ts";
import { spellMeaning } from "./words.ts";

/** The outage as a user tells it: who reloads sees one failure after the other, who does not sees a picture that stands still. */

export interface SpellRow {
  readonly kind: ArmSpell["kind"];
  /** By arm: `128.2 (8 of 10), at least 134.1 (2 of 10)`, the median in seconds, of how many recovered trials, and what was left open. */
  readonly cells: readonly string[];
  readonly meaning: string;
}

/** A row for each kind that was seen in any arm. */
export function spellRows(arms: readonly ArmReport[]): readonly SpellRow[] {
  const kinds = new Set(arms.flatMap(({ spells }) => spells.map(({ kind }) => kind)));
  return order
    .filter((kind) => kinds.has(kind))
    .map((kind) => ({
      kind,
      cells: arms.map((arm) => cellOf(arm, kind)),
      meaning: spellMeaning[kind],
    }));
}

const order = [
  "frozen",
  "silent",
  "unreachable",
  "refused",
  "http-error",
  "handshake",
  "black",
] as const satisfies readonly ArmSpell["kind"][];

function cellOf({ spells, outcomes }: ArmReport, kind: ArmSpell["kind"]): string {
  const spell = spells.find((each) => each.kind === kind);
  if (spell === undefined) return NONE;
  const { median_ms, left_open } = spell;
  const of = (trials: number): string => `(${trials} of ${outcomes.recovered})`;
  return [
    ...(median_ms === null
      ? []
      : [`${statistic(median_ms)} ${of(spell.trials - (left_open?.trials ?? 0))}`]),
    ...(left_open === null
      ? []
      : [`at least ${seconds(left_open.at_least_ms)} ${of(left_open.trials)}`]),
  ].join(", ");
}

/** `silence 128.2 s, refused 11.0 s, back`: a trial's outage, one spell after the other. */
export function reloadingUser({ spells, instants: { fault } }: TrialResult): string {
  const outage = withoutEnds(spells, fault?.[0] ?? 0);
  if (outage.length === 0) return NONE;
  const told = outage.map(
    ({ kind, from_ms, to_ms }) => `${spellMeaning[kind]} ${secondsWithUnit(to_ms - from_ms)}`,
  );
  const shown = told.length > MOST_SPELLS ? [...told.slice(0, MOST_SPELLS), "..."] : told;
  return [...shown, ...(spells.at(-1)?.kind === "answering" ? ["back"] : [])].join(", ");
}

/** More of a desktop that flaps are in the timeline. */
export const MOST_SPELLS = 8;

const isFailure = ({ kind }: Spell): boolean => kind !== "answering" && kind !== "unobserved";

/** From the first failure after the fault to the last one. */
function withoutEnds(spells: readonly Spell[], faultMs: number): readonly Spell[] {
  const first = spells.findIndex((spell) => isFailure(spell) && spell.to_ms >= faultMs);
  const last = spells.findLastIndex(isFailure);
  return first === -1 ? [] : withoutGaps(spells.slice(first, last + 1));
}

/** What was not observed between two spells of one kind was most likely more of it; else it goes with the one before. */
function withoutGaps(spells: readonly Spell[]): readonly Spell[] {
  const whole: Spell[] = [];
  for (const spell of spells) {
    const last = whole.at(-1);
    if (last !== undefined && (spell.kind === "unobserved" || spell.kind === last.kind)) {
      whole[whole.length - 1] = { ...last, to_ms: spell.to_ms };
    } else {
      whole.push(spell);
    }
  }
  return whole;
}

/** `frozen for 133.9 ± 0.5 s, then reset`. */
export function waitingUser(session: HeldSession | null): string {
  if (session === null) return "no session held";
  const { frozen_ms, end } = session;
  const left = end === null || end.how === "left-open";
  if (frozen_ms === null) return left ? "never frozen" : `not frozen before it was ${broke(end)}`;
  const isOver = session.freezes.some(({ until_ms }) => until_ms === end?.at_ms);
  if (!isOver) return `frozen for ${measured(frozen_ms)}, then moving again`;
  return left
    ? `frozen for ${measured(frozen_ms)} at least, and still open at the end`
    : `frozen for ${measured(frozen_ms)}, then ${broke(end)}`;
}

function broke({ how, detail }: NonNullable<HeldSession["end"]>): string {
  return detail === "" ? endWords[how] : `${endWords[how]} (${plainText(detail)})`;
}

const endWords: Readonly<Record<SessionEnd, string>> = {
  reset: "reset",
  closed: "closed",
  "timed-out": "given up by TCP",
  nonsense: "broken by nonsense",
  "left-open": "left open",
};
