import { middleMs } from "../../base/interval.ts";
import type { Phase } from "../../model/experiment.ts";
import type { SpellKind, TrialInstants, TrialResult } from "../../model/trial-result.ts";

/** A piece of a trial's time, in seconds since the fault. */
export interface Piece<Kind> {
  readonly kind: Kind;
  readonly from: number;
  readonly to: number;
}

const milestones: readonly (readonly [Phase, keyof TrialInstants])[] = [
  ["detection", "node_lost"],
  ["fencing", "fenced"],
  ["placement", "node_chosen"],
  ["start", "instance_started"],
  ["service", "back"],
];

/** From milestone to milestone. Where one was not seen, the time up to the next belongs to no phase of its own. */
export function phasesOf({ instants, outcome }: TrialResult): readonly Piece<Phase | "untold">[] {
  if (instants.fault === null) return [];
  const fault = middleMs(instants.fault);
  const found: Piece<Phase | "untold">[] = [];
  let [from, whole] = [0, true];
  for (const [phase, end] of milestones) {
    const span = instants[end];
    if (span === null) {
      whole = false;
    } else {
      const to = Math.max(from, (middleMs(span) - fault) / 1000);
      found.push({ kind: whole ? phase : "untold", from, to });
      [from, whole] = [to, true];
    }
  }
  return outcome.kind === "censored"
    ? [...found, { kind: "untold", from, to: Math.max(from, outcome.longer_than_ms / 1000) }]
    : found;
}

/** Worst first: of several spells that fall on one pixel the first of these is drawn. */
export const spellKinds = [
  "silent",
  "unreachable",
  "refused",
  "http-error",
  "handshake",
  "black",
  "answering",
  "unobserved",
] as const satisfies readonly SpellKind[];

/**
 * What the endpoint answered, reduced for drawing: one kind a pixel, neighbours of one kind joined, so that a desktop that
 * flaps for hours takes no more room than the drawing has pixels.
 */
export function spellsOn(
  { spells, instants }: TrialResult,
  end: number,
  pixels: number,
): readonly Piece<SpellKind>[] {
  const fault = instants.fault === null ? 0 : middleMs(instants.fault);
  const step = end / pixels;
  const drawn: (SpellKind | null)[] = Array.from({ length: pixels }, () => null);
  for (const { kind, from_ms, to_ms } of spells) {
    const [from, to] = [(from_ms - fault) / 1000 / step, (to_ms - fault) / 1000 / step];
    if (to <= 0 || from >= pixels) continue;
    const first = Math.min(pixels - 1, Math.max(0, Math.round(from)));
    const after = Math.min(pixels, Math.max(first + 1, Math.round(to)));
    for (let pixel = first; pixel < after; pixel += 1) {
      drawn[pixel] = worseOf(drawn[pixel] ?? null, kind);
    }
  }
  return joined(drawn, step);
}

const worseOf = (one: SpellKind | null, other: SpellKind): SpellKind =>
  one !== null && spellKinds.indexOf(one) < spellKinds.indexOf(other) ? one : other;

function joined(drawn: readonly (SpellKind | null)[], step: number): readonly Piece<SpellKind>[] {
  const pieces: Piece<SpellKind>[] = [];
  for (const [pixel, kind] of drawn.entries()) {
    const last = pieces.at(-1);
    if (kind === null) continue;
    if (last?.kind === kind && last.to >= (pixel - 0.5) * step) {
      pieces[pieces.length - 1] = { ...last, to: (pixel + 1) * step };
    } else {
      pieces.push({ kind, from: pixel * step, to: (pixel + 1) * step });
    }
  }
  return pieces;
}
