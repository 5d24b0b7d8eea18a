import type { VNode } from "preact";
import type { RangeMs } from "../base/interval.ts";
import type { SpellKind } from "../model/trial-result.ts";
import type { Segment } from "./segments.ts";
import { length, spellWords } from "./words.ts";

interface Spell {
  readonly kind: SpellKind;
  readonly from_ms: number;
  readonly to_ms: number;
}

const HEIGHT = 26;
const BAND_AT = 17;

/** A trial's phases; beneath, what a user who reloads sees; and where its end was predicted. Zero is the fault. */
export function Bar({
  longest_ms,
  segments,
  spells,
  predicted_ms,
  growing,
}: {
  readonly longest_ms: number;
  readonly segments: readonly Segment[];
  readonly spells: readonly Spell[];
  readonly predicted_ms: RangeMs | null;
  /** It has not ended where it ends. */
  readonly growing: boolean;
}): VNode {
  const x = (ms: number): string =>
    `${(Math.min(Math.max(ms / longest_ms, 0), 1) * 100).toFixed(2)}%`;
  const piece = (from_ms: number, to_ms: number) => ({
    x: x(from_ms),
    width: x(Math.min(to_ms, longest_ms) - Math.max(from_ms, 0)),
  });
  const end = segments.at(-1)?.to_ms ?? null;
  return (
    <svg class="bar" width="100%" height={HEIGHT} role="img" aria-label={inWords(segments)}>
      {predicted_ms === null ? null : (
        <rect class="predicted" {...piece(...predicted_ms)} y="0" height={HEIGHT} />
      )}
      {segments.map(({ kind, from_ms, to_ms }) => (
        <rect
          key={kind + String(from_ms)}
          class={kind}
          {...piece(from_ms, to_ms)}
          y="3"
          height="13"
        />
      ))}
      {spells
        .filter(({ to_ms }) => to_ms > 0)
        .map(({ kind, from_ms, to_ms }) => (
          <rect key={from_ms} class={kind} {...piece(from_ms, to_ms)} y={BAND_AT} height="5">
            <title>{spellWords[kind]}</title>
          </rect>
        ))}
      {growing && end !== null ? (
        <line class="end" x1={x(end)} x2={x(end)} y1="1" y2={BAND_AT} />
      ) : null}
    </svg>
  );
}

const inWords = (segments: readonly Segment[]): string =>
  segments.length === 0
    ? "nothing to time"
    : segments
        .map(
          ({ kind, from_ms, to_ms }) =>
            `${kind === "untold" ? "not told apart" : kind} ${length(to_ms - from_ms)}`,
        )
        .join(", ");

const MARKS = [0, 0.25, 0.5, 0.75, 1] as const;

export const Axis = ({ longest_ms }: { readonly longest_ms: number }): VNode => (
  <span class="axis">
    {MARKS.map((part) => (
      <span key={part}>{Number(((part * longest_ms) / 1000).toFixed(1))} s</span>
    ))}
  </span>
);
