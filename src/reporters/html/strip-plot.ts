import type { RangeMs } from "../../base/interval.ts";
import { middleMs } from "../../base/interval.ts";
import type { ArmReport } from "../../model/run-report.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { measured, secondsWithUnit } from "../format.ts";
import { statisticsOf } from "../statistics-of.ts";
import { AXIS_HEIGHT, axis } from "./axis.ts";
import { dodge } from "./dodge.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";
import type { Scale } from "./scale.ts";
import { scaleOver } from "./scale.ts";

/** Every recovered trial of an arm as a dot with its interval, the reference's values beneath as hollow diamonds. */
export function stripPlot(arm: ArmReport, trials: readonly TrialResult[], scale: Scale): Markup {
  const dots = dotsOf(trials);
  const references = (arm.reference?.values_ms ?? []).map((ms): RangeMs => [ms, ms]);
  const above = dodge(
    dots.map(({ range }) => range),
    scale,
  );
  const below = dodge(references, scale);
  const middle = TOP + above.depth * ROW;
  const height = middle + (references.length === 0 ? 0 : GAP + below.depth * ROW) + TOP;
  const median = statisticsOf(arm, "recovery")?.values_ms.median?.value_ms ?? null;
  return markup`<svg class="plot" width="100%" height="${height + AXIS_HEIGHT}" role="img" aria-label="Recovery of each trial of ${arm.name}, and the reference">
${axis(scale, height)}
${median === null ? nothing : medianLine(scale, median, height)}
${dots.map((dot, index) => dotMark(scale, dot, middle - ROW / 2 - (above.rows[index] ?? 0) * ROW))}
${trials.map((trial) => boundMark(scale, trial, middle - ROW / 2))}
${references.map(([ms], index) => diamond(scale, ms, middle + GAP + ROW / 2 + (below.rows[index] ?? 0) * ROW))}
</svg>`;
}

/**
 * An axis that holds the recovered trials and the references of these arms. Censored ones stand at its end when they lie
 * beyond it, so that one does not press all others together.
 */
export function recoveryScale(
  arms: readonly ArmReport[],
  trials: readonly TrialResult[],
  options: { readonly zero: boolean },
): Scale {
  const names = new Set(arms.map(({ name }) => name));
  const own = trials.filter(({ arm }) => names.has(arm));
  const references = arms.flatMap(({ reference }) => reference?.values_ms ?? []);
  const values = [...dotsOf(own).flatMap(({ range }) => range), ...references];
  if (values.length > 0) return scaleOver(values, options);
  return scaleOver(
    own.flatMap(({ outcome }) => (outcome.kind === "censored" ? [outcome.longer_than_ms] : [])),
    { zero: true },
  );
}

const TOP = 8;
const ROW = 12;
const GAP = 6;

interface Dot {
  readonly trial: string;
  readonly range: RangeMs;
}

const dotsOf = (trials: readonly TrialResult[]): readonly Dot[] =>
  trials.flatMap(({ trial, outcome, durations_ms: { recovery } }) =>
    outcome.kind === "recovered" && recovery !== null ? [{ trial, range: recovery }] : [],
  );

const medianLine = (scale: Scale, ms: number, height: number): Markup =>
  markup`<line class="median" x1="${scale.place(ms)}" x2="${scale.place(ms)}" y1="0" y2="${height}"><title>median ${secondsWithUnit(ms)}</title></line>`;

const dotMark = (scale: Scale, { trial, range }: Dot, y: number): Markup =>
  markup`<g class="dot"><title>${trial}: ${measured(range)}</title><line x1="${scale.place(range[0])}" x2="${scale.place(range[1])}" y1="${y}" y2="${y}"/><circle cx="${scale.place(middleMs(range))}" cy="${y}" r="5"/></g>
`;

function boundMark(scale: Scale, { trial, outcome }: TrialResult, y: number): Markup {
  if (outcome.kind !== "censored") return nothing;
  const side = outcome.longer_than_ms > scale.high ? "end" : "start";
  return markup`<text class="bound ${side}" x="${scale.place(outcome.longer_than_ms)}" y="${y + 5}">▷<title>${trial}: still down after ${secondsWithUnit(outcome.longer_than_ms)}</title></text>
`;
}

const diamond = (scale: Scale, ms: number, y: number): Markup =>
  markup`<text class="reference" x="${scale.place(ms)}" y="${y + 5}">◇<title>reference: ${secondsWithUnit(ms)}</title></text>`;
