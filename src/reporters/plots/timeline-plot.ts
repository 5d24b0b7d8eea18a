import * as Plot from "@observablehq/plot";
import { middleMs } from "../../base/interval.ts";
import { phases } from "../../model/experiment.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { NONE, measured, secondsWithUnit } from "../format.ts";
import { outcomeWords, spellMeaning } from "../words.ts";
import { shortText } from "../short-text.ts";
import type { Piece } from "./course-of-trial.ts";
import { phasesOf, spellKinds, spellsOn } from "./course-of-trial.ts";
import type { Domain } from "./domain.ts";
import { within } from "./domain.ts";
import { drawPlot } from "./draw.ts";
import type { Key } from "./legend.ts";
import { LETTER, legendOf } from "./legend.ts";
import type { Palette } from "./palette.ts";
import type { Drawing } from "./paper.ts";
import { inSeconds } from "./recoveries.ts";
import { lineMark, strokes, textMark } from "./strokes.ts";

/** One bar per trial of an arm: its phases, what was predicted, and in thin bands beneath what users saw. Zero is the fault. */
export function timelinePlot(
  trials: readonly TrialResult[],
  name: string,
  title: string,
): Drawing | null {
  if (trials.length === 0) return null;
  const rows = trials.length > MOST_TALL ? low : tall;
  return {
    name,
    title,
    description:
      "Each bar begins with the fault and ends when the desktop answers again; the mark at its end is the interval in which that was. " +
      `Its phases: ${phases.map((phase, index) => `${index + 1} ${phase}`).join(", ")}; grey where they could not be told apart. ` +
      "The shaded field behind the end is where the recovery was predicted. Beneath the bar, what the endpoint answered, and below that the picture that stood still.",
    draw: (paper) => {
      const domain = domainOfTimeline(trials);
      const inner = paper.width - LEFT - RIGHT;
      const legend = legendOf(keysOf(trials, paper.palette), inner);
      const top = legend.height + GAP;
      const all = trials.map((trial, index) => ({ trial, y: top + index * rows.pitch }));
      return drawPlot(paper, {
        height: top + trials.length * rows.pitch + AXIS,
        marginLeft: LEFT,
        marginRight: RIGHT,
        marginTop: top - GAP / 2,
        marginBottom: AXIS,
        x: { domain: [...domain], label: "since the fault, s" },
        y: { type: "identity", axis: null },
        marks: [
          Plot.gridX({ stroke: paper.palette.line, strokeOpacity: 1 }),
          ...labels(all, rows, { domain, inner, palette: paper.palette }),
          ...predictions(all, rows, domain, paper.palette),
          ...bars(all, rows, { domain, inner, palette: paper.palette }),
          ...bands(all, rows, { domain, inner, palette: paper.palette }),
          ...ends(all, rows, domain, paper.palette),
          ...legend.marks(domain, 0),
        ],
      });
    },
  };
}

/** Heights in pixels. */
interface Heights {
  readonly pitch: number;
  readonly bar: number;
  readonly band: number;
  readonly thread: number;
}

const MOST_TALL = 40;
const tall: Heights = { pitch: 34, bar: 16, band: 5, thread: 3 };
const low: Heights = { pitch: 14, bar: 6, band: 3, thread: 1.5 };

const LEFT = 36;
const RIGHT = 108;
const GAP = 12;
const AXIS = 40;

/** What lies between the axis' ends, which are so many pixels apart. */
interface Inner {
  readonly domain: Domain;
  readonly inner: number;
  readonly palette: Palette;
}

interface Row {
  readonly trial: TrialResult;
  readonly y: number;
}

/** Phases by number and colour, and what of the rest occurs. */
function keysOf(trials: readonly TrialResult[], palette: Palette): readonly Key[] {
  const seen = new Set(trials.flatMap(({ spells }) => spells.map(({ kind }) => kind)));
  const kinds = spellKinds.filter((kind) => seen.has(kind));
  const frozen = trials.some(({ session }) => (session?.freezes.length ?? 0) > 0);
  return [
    ...phases.map((phase, index) => ({
      text: `${index + 1} ${phase}`,
      stroke: palette.phases[phase],
      strokeWidth: 12,
    })),
    { text: "predicted", stroke: palette.shade, strokeWidth: 16 },
    ...kinds.map((kind) => ({
      text: spellMeaning[kind],
      stroke: palette.spells[kind],
      strokeWidth: 5,
    })),
    ...(frozen ? [{ text: "frozen picture", stroke: palette.spells.frozen, strokeWidth: 3 }] : []),
  ];
}

/** A bar where there is something to time. */
const isTimed = ({ instants: { fault }, outcome: { kind } }: TrialResult): boolean =>
  fault !== null && (kind === "recovered" || kind === "censored");

function labels(
  rows: readonly Row[],
  { bar }: Heights,
  { domain: [zero, most], inner, palette }: Inner,
): readonly Plot.Markish[] {
  const letters = Math.floor((inner + RIGHT) / LETTER);
  const numbers = rows.map(({ trial, y }) => ({
    x: zero,
    y: y + bar / 2,
    text: String(trial.repetition),
  }));
  const values = rows.map(({ trial, y }) => ({ x: most, y: y + bar / 2, text: lengthOf(trial) }));
  const others = rows.flatMap(({ trial, y }) =>
    isTimed(trial)
      ? []
      : [{ x: zero, y: y + bar / 2, text: shortText(outcomeWords(trial.outcome), letters) }],
  );
  return [
    textMark(numbers, { textAnchor: "end", dx: -8, fill: palette.soft }),
    textMark(values, { dx: 8 }),
    textMark(others, { dx: 6, fill: palette.soft }),
  ];
}

function lengthOf({ outcome, durations_ms: { recovery } }: TrialResult): string {
  if (outcome.kind === "censored") return `▷ ${secondsWithUnit(outcome.longer_than_ms)}`;
  return outcome.kind === "recovered" && recovery !== null ? measured(recovery) : NONE;
}

function predictions(
  rows: readonly Row[],
  { bar, band, thread }: Heights,
  domain: Domain,
  palette: Palette,
): readonly Plot.Markish[] {
  const height = bar + band + thread;
  const fields = rows.flatMap(({ trial, y }) => {
    if (trial.prediction === null) return [];
    const [from, to] = inSeconds(trial.prediction.recovery_ms);
    return [{ from: within(from, domain), to: within(to, domain), y: y + height / 2 }];
  });
  return [lineMark(strokes(fields), { stroke: palette.shade, strokeWidth: height + 8 })];
}

function bars(
  rows: readonly Row[],
  { bar }: Heights,
  { domain, inner, palette }: Inner,
): readonly Plot.Markish[] {
  const least = ((domain[1] - domain[0]) * WIDE_ENOUGH) / inner;
  const pieces = rows.flatMap(({ trial, y }) =>
    isTimed(trial) ? phasesOf(trial).map((piece) => ({ ...piece, y: y + bar / 2 })) : [],
  );
  const kinds = [...phases, "untold"] as const;
  const numbered = pieces.flatMap(({ kind, from, to, y }) =>
    kind === "untold" || to - from < least
      ? []
      : [{ kind, x: (from + to) / 2, y, text: String(1 + phases.indexOf(kind)) }],
  );
  const numbers = (dark: boolean): Plot.Markish =>
    textMark(
      numbered.filter(({ kind }) => (kind === "fencing") === dark),
      { textAnchor: "middle", fontSize: 11, fill: dark ? "#ffffff" : "#000000" },
    );
  return [
    ...kinds.map((kind) =>
      pieceMark(pieces, kind, domain, { stroke: palette.phases[kind], strokeWidth: bar }),
    ),
    ...(bar < tall.bar ? [] : [numbers(false), numbers(true)]),
  ];
}

/** Pixels that have room for a digit. */
const WIDE_ENOUGH = 12;

const pieceMark = <Kind>(
  pieces: readonly (Piece<Kind> & { readonly y: number })[],
  kind: Kind,
  domain: Domain,
  look: { readonly stroke: string; readonly strokeWidth: number },
): Plot.Markish =>
  lineMark(
    strokes(
      pieces
        .filter((piece) => piece.kind === kind)
        .map(({ from, to, y }) => ({ from: within(from, domain), to: within(to, domain), y })),
    ),
    look,
  );

function bands(
  rows: readonly Row[],
  { bar, band, thread }: Heights,
  { domain, inner, palette }: Inner,
): readonly Plot.Markish[] {
  const timed = rows.filter(({ trial }) => isTimed(trial));
  const spells = timed.flatMap(({ trial, y }) =>
    spellsOn(trial, domain[1], Math.round(inner)).map((piece) => ({
      ...piece,
      y: y + bar + 1 + band / 2,
    })),
  );
  const frozen = timed.flatMap(({ trial, y }) =>
    (trial.session?.freezes ?? []).map(({ since_ms, until_ms }) => {
      const fault = middleMs(trial.instants.fault ?? [0, 0]);
      return {
        kind: "frozen" as const,
        from: (middleMs(since_ms) - fault) / 1000,
        to: (until_ms - fault) / 1000,
        y: y + bar + band + 2 + thread / 2,
      };
    }),
  );
  return [
    ...spellKinds.map((kind) =>
      pieceMark(spells, kind, domain, { stroke: palette.spells[kind], strokeWidth: band }),
    ),
    pieceMark(frozen, "frozen", domain, { stroke: palette.spells.frozen, strokeWidth: thread }),
  ];
}

/** How far from its end the recovery may really be; and that a censored one does not end where its bar does. */
function ends(
  rows: readonly Row[],
  { bar }: Heights,
  domain: Domain,
  palette: Palette,
): readonly Plot.Markish[] {
  const whiskers = rows.flatMap(({ trial: { instants }, y }) => {
    const { fault, back } = instants;
    if (fault === null || back === null) return [];
    const [from, to] = inSeconds(back).map((at) => at - middleMs(fault) / 1000);
    return [{ from: from ?? 0, to: to ?? 0, y: y + bar / 2 }];
  });
  const open = rows.flatMap(({ trial: { outcome }, y }) =>
    outcome.kind === "censored"
      ? [{ x: within(outcome.longer_than_ms / 1000, domain), y: y + bar / 2, text: "▷" }]
      : [],
  );
  return [
    lineMark(strokes(whiskers), { stroke: palette.ink, strokeWidth: 3 }),
    textMark(open, { textAnchor: "end", dx: -2 }),
  ];
}

/** Recovered trials decide how long the axis is; one that was waited for much longer runs out of it. */
function domainOfTimeline(trials: readonly TrialResult[]): Domain {
  const recovered = trials.flatMap(({ instants: { fault, back }, prediction }) =>
    fault === null || back === null
      ? []
      : [(back[1] - fault[0]) / 1000, (prediction?.recovery_ms[1] ?? 0) / 1000],
  );
  const bounds = trials.flatMap(({ outcome }) =>
    outcome.kind === "censored" ? [outcome.longer_than_ms / 1000] : [],
  );
  const most = recovered.reduce((a, b) => Math.max(a, b), 0);
  const shown = recovered.length === 0 ? bounds : bounds.map((s) => Math.min(s, most * OVERHANG));
  return [0, shown.reduce((a, b) => Math.max(a, b), Math.max(most, LEAST_S)) * 1.02];
}

const OVERHANG = 1.25;
/** Below the grid of any probe there is nothing to see. */
const LEAST_S = 0.1;
