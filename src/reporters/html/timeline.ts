import type { SpanMs } from "../../base/interval.ts";
import { middleMs } from "../../base/interval.ts";
import type { Freeze, Spell, TrialInstants, TrialResult } from "../../model/trial-result.ts";
import type { Phase } from "../../model/experiment.ts";
import { phases } from "../../model/experiment.ts";
import { NONE, measured, secondsWithUnit } from "../format.ts";
import { outcomeWords, spellMeaning } from "../words.ts";
import { AXIS_HEIGHT, axis } from "./axis.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";
import type { Scale } from "./scale.ts";
import { scaleOver } from "./scale.ts";

/** One bar per trial of an arm: its phases, and in a thin band beneath what a reloading user saw. Zero is the fault. */
export function timelines(trials: readonly TrialResult[]): Markup {
  const scale = timelineScale(trials);
  return markup`<div class="timelines">
${trials.map((trial) => row(trial, scale))}
<div class="label"></div><svg width="100%" height="${AXIS_HEIGHT}" aria-hidden="true">${axis(scale, 4)}</svg><div class="value"></div>
</div>`;
}

/** What the colours mean. */
export const timelineLegend = (): Markup =>
  markup`<p class="legend">${phases.map(
    (phase) => markup`<span class="key"><i class="${phase}"></i>${phase}</span> `,
  )}<span class="key"><i class="untold"></i>not told apart</span></p>
<p class="legend">Beneath, what the endpoint answers: ${(
    [
      "answering",
      "silent",
      "unreachable",
      "refused",
      "http-error",
      "handshake",
      "black",
      "unobserved",
    ] as const
  ).map(
    (kind) => markup`<span class="key"><i class="band ${kind}"></i>${spellMeaning[kind]}</span> `,
  )}; and below that <span class="key"><i class="band frozen"></i>${spellMeaning.frozen}</span></p>`;

const BAR = 16;
const BAND = 5;
/** Of the held session. */
const THREAD = 3;

/** A bar where there is something to time; in words what came of the others. */
function row(trial: TrialResult, scale: Scale): Markup {
  const { fault, back } = trial.instants;
  const { kind } = trial.outcome;
  const words = outcomeWords(trial.outcome);
  const label = markup`<div class="label">${trial.repetition}</div>`;
  if (fault === null || (kind !== "recovered" && kind !== "censored")) {
    return markup`${label}<div class="empty">${words}</div><div class="value">${NONE}</div>
`;
  }
  const zero = middleMs(fault);
  return markup`${label}<svg width="100%" height="${BAR + BAND + THREAD + 4}" role="img" aria-label="${trial.trial}: ${words}">
${segments(trial).map((segment) => bar(segment, zero, scale))}
${trial.spells.map((spell) => band(spell, zero, scale))}
${trial.session?.freezes.map((freeze) => thread(freeze, zero, scale)) ?? []}
${back === null ? openEnd(trial, scale) : whisker(back, zero, scale)}
</svg><div class="value">${lengthOf(trial)}</div>
`;
}

function lengthOf({ outcome, durations_ms: { recovery } }: TrialResult): Markup {
  if (outcome.kind === "censored")
    return markup`<b>▷ ${secondsWithUnit(outcome.longer_than_ms)}</b>`;
  return markup`${recovery === null ? NONE : measured(recovery)}`;
}

interface Segment {
  readonly kind: Phase | "untold";
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
function segments({ instants, outcome }: TrialResult): readonly Segment[] {
  if (instants.fault === null) return [];
  const found: Segment[] = [];
  let from = middleMs(instants.fault);
  const fault = from;
  let whole = true;
  for (const [phase, end] of milestones) {
    const span = instants[end];
    if (span === null) {
      whole = false;
    } else {
      const to = Math.max(from, middleMs(span));
      found.push({ kind: whole ? phase : "untold", from, to });
      [from, whole] = [to, true];
    }
  }
  return outcome.kind === "censored"
    ? [...found, { kind: "untold", from, to: Math.max(from, fault + outcome.longer_than_ms) }]
    : found;
}

const bar = ({ kind, from, to }: Segment, zero: number, scale: Scale): Markup =>
  markup`<rect class="${kind}" x="${scale.place(from - zero)}" width="${scale.length(from - zero, to - zero)}" y="0" height="${BAR}"><title>${kind === "untold" ? "not told apart" : kind}: ${secondsWithUnit(to - from)}</title></rect>`;

const band = ({ kind, from_ms, to_ms, samples }: Spell, zero: number, scale: Scale): Markup =>
  markup`<rect class="${kind}" x="${scale.place(from_ms - zero)}" width="${scale.length(from_ms - zero, to_ms - zero)}" y="${BAR + 1}" height="${BAND}"><title>${spellMeaning[kind]}: ${secondsWithUnit(to_ms - from_ms)}, ${samples} samples</title></rect>`;

/** Of a freeze that outlasts the axis the part that fits is shown. */
function thread({ since_ms, until_ms }: Freeze, zero: number, scale: Scale): Markup {
  const from = middleMs(since_ms);
  return markup`<rect class="frozen" x="${scale.place(from - zero)}" width="${scale.length(from - zero, until_ms - zero)}" y="${BAR + BAND + 2}" height="${THREAD}"><title>${spellMeaning.frozen}: ${secondsWithUnit(until_ms - from)}</title></rect>`;
}

/** How far from its end the recovery may really be. */
const whisker = (back: SpanMs, zero: number, scale: Scale): Markup =>
  markup`<line class="whisker" x1="${scale.place(back[0] - zero)}" x2="${scale.place(back[1] - zero)}" y1="${BAR / 2}" y2="${BAR / 2}"/>`;

/** The bar of a censored trial does not end where it ends on paper. */
const openEnd = ({ outcome }: TrialResult, scale: Scale): Markup =>
  outcome.kind === "censored"
    ? markup`<text class="open" x="${scale.place(outcome.longer_than_ms)}" y="${BAR - 3}">▷</text>`
    : nothing;

/** Recovered trials decide how long the axis is; one that was waited for much longer runs out of it. */
function timelineScale(trials: readonly TrialResult[]): Scale {
  const recovered = trials.flatMap(({ instants: { fault, back } }) =>
    fault === null || back === null ? [] : [back[1] - fault[0]],
  );
  const bounds = trials.flatMap(({ outcome }) =>
    outcome.kind === "censored" ? [outcome.longer_than_ms] : [],
  );
  const most = Math.max(...recovered);
  const shown = recovered.length === 0 ? bounds : bounds.map((ms) => Math.min(ms, most * OVERHANG));
  return scaleOver([...recovered, ...shown], { zero: true });
}

const OVERHANG = 1.25;
