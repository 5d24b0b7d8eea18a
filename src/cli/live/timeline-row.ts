import { middleMs } from "../../base/interval.ts";
import type { RangeMs } from "../../base/interval.ts";
import type { SpellKind } from "../../model/trial-result.ts";
import type { LiveSpell, LiveTrial } from "../../live/live-state.ts";
import { faultOf } from "../../live/phase-clock.ts";
import type { Paint, Piece, Row } from "./row.ts";
import { row } from "./row.ts";
import type { ScreenView } from "./screen-view.ts";

/** Of answering, before the fault. */
const LEAD_MS = 5000;
/** While there is no fault yet. */
const WINDOW_MS = 30_000;

/**
 * What users saw, a cell for a piece of time, the worst of it where there was more; and when the desktop is predicted to
 * be back.
 */
export function timelineRow(trial: LiveTrial, view: ScreenView): Row {
  const cells = Math.max(1, view.columns - 2);
  const now_ms = watchedUntil(trial, view.now_ms);
  const { from_ms, to_ms, predicted } = windowOf(trial, now_ms);
  const step = (to_ms - from_ms) / cells;
  const pieces = Array.from({ length: cells }, (_, index): Piece => {
    const start = from_ms + index * step;
    const slot: RangeMs = [start, start + step];
    if (slot[0] <= now_ms) return seenIn(trial.spells, slot, view);
    return predicted !== null && touches(predicted, slot)
      ? ["▒", view.colours.dim]
      : ["·", view.colours.dim];
  });
  return row(["  ", ...joined(pieces)], view.columns);
}

/** Once it is back nobody looks any more: what is healed meanwhile is no part of it. */
const watchedUntil = ({ outage, spells }: LiveTrial, now_ms: number): number =>
  outage.back_ms === null ? now_ms : (spells.at(-1)?.to_ms ?? now_ms);

function windowOf(trial: LiveTrial, now_ms: number) {
  const fault = faultOf(trial);
  if (fault === null) return { from_ms: now_ms - WINDOW_MS, to_ms: now_ms, predicted: null };
  const struck = middleMs(fault);
  const { predicted_ms } = trial;
  const predicted: RangeMs | null =
    predicted_ms === null ? null : [struck + predicted_ms[0], struck + predicted_ms[1]];
  const from_ms = struck - LEAD_MS;
  return { from_ms, to_ms: Math.max(now_ms, from_ms + WINDOW_MS, predicted?.[1] ?? 0), predicted };
}

const touches = ([from, to]: RangeMs, slot: RangeMs): boolean => from < slot[1] && to > slot[0];

function seenIn(spells: readonly LiveSpell[], slot: RangeMs, view: ScreenView): Piece {
  const kinds = spells
    .filter((spell, index) =>
      touches([spell.from_ms, spells[index + 1]?.from_ms ?? spell.to_ms], slot),
    )
    .map(({ kind }) => kind);
  const worst = kinds.toSorted((a, b) => badness[b] - badness[a])[0];
  return worst === undefined ? " " : cellOf(worst, view);
}

/** Of what a user sees: the less, the worse. */
const badness: Readonly<Record<SpellKind, number>> = {
  answering: 0,
  unobserved: 1,
  black: 2,
  handshake: 3,
  "http-error": 4,
  refused: 5,
  unreachable: 6,
  silent: 7,
};

/** A page without its desktop stands lower than one with it, and nothing at all lowest. */
function cellOf(kind: SpellKind, { colours }: ScreenView): Piece {
  switch (kind) {
    case "answering":
      return ["█", colours.green];
    case "unobserved":
      return ["?", colours.yellow];
    case "black":
    case "handshake":
    case "http-error":
      return ["▄", colours.yellow];
    case "refused":
    case "unreachable":
    case "silent":
      return ["▁", colours.red];
  }
}

/** Neighbours that look alike are painted at once. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const runs: { text: string; paint: Paint | null }[] = [];
  for (const piece of pieces) {
    const [text, paint] = typeof piece === "string" ? [piece, null] : piece;
    const last = runs.at(-1);
    if (last !== undefined && last.paint === paint) last.text += text;
    else runs.push({ text, paint });
  }
  return runs.map(({ text, paint }) => (paint === null ? text : [text, paint]));
}
