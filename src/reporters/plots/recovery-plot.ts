import * as Plot from "@observablehq/plot";
import { plainText } from "../../base/plain-text.ts";
import type { ArmReport, RunReport } from "../../model/run-report.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { figuresOf } from "../arm-figures.ts";
import { measured, secondsWithUnit } from "../format.ts";
import { statisticsOf } from "../statistics-of.ts";
import { shortText } from "../short-text.ts";
import type { Domain } from "./domain.ts";
import { domainOf, within } from "./domain.ts";
import { drawPlot } from "./draw.ts";
import type { Palette } from "./palette.ts";
import type { Drawing, Paper } from "./paper.ts";
import { NARROW } from "./paper.ts";
import { fiveNumbers } from "./quartiles.ts";
import { boundsOf, recoveriesOf, secondsIn } from "./recoveries.ts";
import { lineMark, strokes, textMark, ticks } from "./strokes.ts";

/** Every trial of every arm, above the box of their quartiles, above what was measured elsewhere. */
export function recoveryPlot({ arms, trials }: RunReport): Drawing | null {
  const domain = domainOf([
    ...secondsIn(trials),
    ...arms.flatMap(({ reference }) => (reference?.values_ms ?? []).map((ms) => ms / 1000)),
  ]);
  if (secondsIn(trials).length === 0) return null;
  return {
    name: "recovery",
    title: "Recovery of each trial",
    description:
      "● a trial with its interval, in the order in which they ran, downwards; shaded behind it, what was predicted of it; " +
      "▷ still down at its limit. The box beneath holds the middle half and the median, its lines the least and the largest; " +
      "the bar under it is the 95 % interval of the median. ◇ a reference value.",
    draw: (paper) => {
      const blocks = stacked(arms, trials);
      return drawPlot(paper, {
        height: blocks.height + AXIS,
        marginLeft: 12,
        marginRight: 12,
        marginTop: 0,
        marginBottom: AXIS,
        x: { domain: [...domain], label: "recovery, s" },
        y: { type: "identity", axis: null },
        marks: [
          Plot.gridX({ stroke: paper.palette.line, strokeOpacity: 1 }),
          ...blocks.all.flatMap((block) => blockMarks(block, domain, paper)),
        ],
      });
    },
  };
}

const AXIS = 40;
const HEAD = 58;
const LINE = 16;
const STRIP = 150;
/** Of a trial, at most. */
const PITCH = 9;
const BOX = 34;
const FOOT = 14;

/** An arm's part of the drawing, from `top` downwards. */
interface Block {
  readonly arm: ArmReport;
  readonly trials: readonly TrialResult[];
  readonly top: number;
  readonly pitch: number;
  readonly strip: number;
}

function stacked(
  arms: readonly ArmReport[],
  trials: readonly TrialResult[],
): { readonly all: readonly Block[]; readonly height: number } {
  const all: Block[] = [];
  let top = 0;
  for (const arm of arms) {
    const own = trials.filter((trial) => trial.arm === arm.name);
    const pitch = pitchOf(own.length);
    const strip = own.length * pitch;
    all.push({ arm, trials: own, top, pitch, strip });
    const references = arm.reference?.values_ms.length ?? 0;
    top += HEAD + strip + BOX + references * pitchOf(references) + FOOT;
  }
  return { all, height: top };
}

const pitchOf = (count: number): number => Math.min(PITCH, STRIP / Math.max(1, count));

function blockMarks(block: Block, domain: Domain, paper: Paper): readonly Plot.Markish[] {
  return [
    ...headMarks(block, domain, paper),
    ...stripMarks(block, domain, paper.palette),
    ...boxMarks(block, paper.palette),
    ...referenceMarks(block, paper.palette),
  ];
}

function headMarks({ arm, top }: Block, [low]: Domain, paper: Paper): readonly Plot.Markish[] {
  const { median, interval } = figuresOf(arm, "recovery");
  const figures = `median ${median} s, 95 % ${interval}, ${arm.outcomes.recovered} of ${arm.planned} back`;
  const name = shortText(arm.name, paper.width === NARROW ? 40 : 110);
  return [
    textMark([{ x: low, y: top + 16, text: name }], { fontWeight: "bold", fontSize: 13 }),
    textMark(
      [figures, ...referenceWords(arm, paper)].map((text, row) => ({
        x: low,
        y: top + 32 + row * LINE,
        text,
      })),
      { fill: paper.palette.soft },
    ),
  ];
}

const referenceWords = ({ reference }: ArmReport, { width }: Paper): readonly string[] =>
  reference === null
    ? []
    : [
        `◇ ${shortText(reference.title, width === NARROW ? 26 : 90)}, median ${secondsWithUnit(reference.median_ms)}`,
      ];

function stripMarks(
  { trials, top, pitch }: Block,
  domain: Domain,
  palette: Palette,
): readonly Plot.Markish[] {
  const [color] = palette.arms;
  const height = (at: number): number => top + HEAD + (at + 0.5) * pitch;
  const recoveries = recoveriesOf(trials);
  const predicted = recoveries.flatMap(({ predicted: range, at }) =>
    range === null ? [] : [{ from: range[0], to: range[1], y: height(at) }],
  );
  const intervals = recoveries.map(({ range: [from, to], at }) => ({ from, to, y: height(at) }));
  const bounds = boundsOf(trials).map(({ at, longerThan }) => ({
    x: within(longerThan, domain),
    y: height(at),
    title: `still down after ${secondsWithUnit(1000 * longerThan)}`,
  }));
  return [
    lineMark(strokes(predicted), { stroke: palette.shade, strokeWidth: 0.8 * pitch }),
    lineMark(strokes(intervals), { stroke: color, strokeWidth: Math.min(2, pitch / 2) }),
    dots(
      recoveries.map((each) => ({ ...each, y: height(each.at) })),
      { color, pitch, palette },
    ),
    Plot.text(bounds, {
      x: "x",
      y: "y",
      text: () => "▷",
      title: "title",
      fill: palette.fail,
      fontSize: 14,
    }),
  ];
}

interface Dot {
  readonly trial: string;
  readonly middle: number;
  readonly y: number;
  readonly result: TrialResult;
}

/** More than that of an arm are drawn as one path, and without a title each. */
const MOST_TITLED = 60;

function dots(
  all: readonly Dot[],
  { color, pitch, palette }: { color: string; pitch: number; palette: Palette },
): Plot.Markish {
  if (all.length > MOST_TITLED) {
    const places = all.map(({ middle, y }) => ({ from: middle, to: middle, y }));
    return lineMark(strokes(places), { stroke: color, strokeWidth: 3, strokeLinecap: "round" });
  }
  return Plot.dot(all, {
    x: "middle",
    y: "y",
    r: Math.min(4, pitch / 2),
    fill: color,
    stroke: palette.paper,
    strokeWidth: 0.75,
    title: titleOf,
  });
}

const titleOf = ({ trial, result: { durations_ms } }: Dot): string =>
  `${trial}: ${measured(durations_ms.recovery ?? [0, 0])}`;

function boxMarks(block: Block, palette: Palette): readonly Plot.Markish[] {
  const { arm, trials, top, strip } = block;
  const box = fiveNumbers(recoveriesOf(trials).map(({ middle }) => middle));
  if (box === null) return [];
  const y = top + HEAD + strip + 13;
  const interval = statisticsOf(arm, "recovery")?.median_interval_ms ?? null;
  const whiskers = [
    { from: box.min, to: box.q1, y },
    { from: box.q3, to: box.max, y },
  ];
  const ends = ticks(
    [box.min, box.max].map((x) => ({ x, y })),
    8,
  );
  const likely =
    interval === null ? [] : [{ from: interval[0] / 1000, to: interval[1] / 1000, y: y + 13 }];
  return [
    lineMark(strokes(whiskers), { stroke: palette.ink, strokeWidth: 1 }),
    lineMark(ends, { stroke: palette.ink, strokeWidth: 1 }),
    Plot.rect([box], {
      x1: "q1",
      x2: "q3",
      y1: y - 7,
      y2: y + 7,
      fill: palette.shade,
      stroke: palette.ink,
    }),
    lineMark(ticks([{ x: box.median, y }], 14), { stroke: palette.ink, strokeWidth: 2.5 }),
    lineMark(strokes(likely), { stroke: palette.arms[0], strokeWidth: 4 }),
  ];
}

function referenceMarks({ arm, top, strip }: Block, palette: Palette): readonly Plot.Markish[] {
  const values = arm.reference?.values_ms ?? [];
  const pitch = pitchOf(values.length);
  const from = top + HEAD + strip + BOX;
  const marks = values.map((ms, index) => ({ x: ms / 1000, y: from + (index + 0.5) * pitch }));
  return [
    Plot.dot(marks, {
      x: "x",
      y: "y",
      symbol: "diamond",
      r: Math.min(3.5, pitch / 2),
      stroke: palette.soft,
      title: ({ x }: { readonly x: number }) =>
        `${plainText(arm.reference?.title ?? "")}: ${secondsWithUnit(1000 * x)}`,
    }),
  ];
}
