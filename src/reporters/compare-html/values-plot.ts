import * as Plot from "@observablehq/plot";
import { counted } from "../../base/counted.ts";
import { middleMs } from "../../base/interval.ts";
import type { MeasureValues } from "../../model/contrast.ts";
import type { DurationMeasure } from "../../model/experiment.ts";
import { measured, seconds } from "../format.ts";
import { domainOf } from "../plots/domain.ts";
import { drawPlot } from "../plots/draw.ts";
import type { Drawing } from "../plots/paper.ts";
import { NARROW } from "../plots/paper.ts";
import { inSeconds } from "../plots/recoveries.ts";
import type { Strip } from "../plots/strip.ts";
import { pitchOf, stripMarks } from "../plots/strip.ts";
import { textMark } from "../plots/strokes.ts";
import { shortText } from "../short-text.ts";

/** One side of a pair: whose trials, and what they say of the measure. */
export interface Side {
  readonly name: string;
  readonly values: MeasureValues;
}

/** The trials of both sides on one axis; null: there are none. `name` is as of every drawing. */
export function valuesPlot(
  name: string,
  measure: DurationMeasure,
  sides: readonly Side[],
): Drawing | null {
  const all = sides.flatMap(({ values }) => [...values.values_ms.flat(), ...values.longer_than_ms]);
  if (all.length === 0) return null;
  const domain = domainOf(all.map((ms) => ms / 1000));
  return {
    name,
    title: measure,
    description: `${sides.map(inWords).join("; ")}. ● a trial with its interval, in the order in which they ran, downwards; beneath them ▷ those still down at their limit.`,
    draw: (paper) =>
      drawPlot(paper, {
        height: heightOf(sides) + AXIS,
        marginLeft: 12,
        marginRight: 12,
        marginTop: 0,
        marginBottom: AXIS,
        x: { domain: [...domain], label: `${measure}, s` },
        y: { type: "identity", axis: null },
        marks: [
          Plot.gridX({ stroke: paper.palette.line, strokeOpacity: 1 }),
          textMark(
            sides.map((side, at) => ({
              x: domain[0],
              y: heightOf(sides.slice(0, at)) + HEAD / 2,
              text: shortText(side.name, paper.width === NARROW ? 40 : 110),
            })),
            { fontWeight: "bold", fontSize: 13 },
          ),
          ...sides.flatMap((side, at) =>
            stripMarks(stripOf(side, heightOf(sides.slice(0, at)) + HEAD), domain, paper.palette),
          ),
        ],
      }),
  };
}

/** Pixels. */
const [AXIS, HEAD] = [40, 36];

const heightOf = (sides: readonly Side[]): number =>
  sides.map(countOf).reduce((sum, count) => sum + HEAD + count * pitchOf(count), 0);

const stripOf = ({ values: { values_ms, longer_than_ms } }: Side, top: number): Strip => ({
  top,
  pitch: pitchOf(values_ms.length + longer_than_ms.length),
  trials: values_ms.map((range, at) => ({
    at,
    middle: middleMs(range) / 1000,
    range: inSeconds(range),
    title: measured(range),
  })),
  bounds: longer_than_ms.map((ms, index) => ({
    at: values_ms.length + index,
    longerThan: ms / 1000,
  })),
});

const countOf = ({ values: { values_ms, longer_than_ms } }: Side): number =>
  values_ms.length + longer_than_ms.length;

/** `second: 10 trials, 43.6 .. 50.4 s`. */
function inWords(side: Side): string {
  const { values_ms, longer_than_ms } = side.values;
  const middles = values_ms.map(middleMs);
  const range =
    middles.length === 0
      ? ""
      : `, ${seconds(Math.min(...middles))} .. ${seconds(Math.max(...middles))} s`;
  const lost = longer_than_ms.length === 0 ? "" : `, ${longer_than_ms.length} still down`;
  const count = countOf(side);
  return `${side.name}: ${counted(count, "trial")}${range}${lost}`;
}
