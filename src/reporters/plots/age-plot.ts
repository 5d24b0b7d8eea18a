import * as Plot from "@observablehq/plot";
import { middleMs } from "../../base/interval.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { measured } from "../format.ts";
import { domainOf } from "./domain.ts";
import { drawPlot } from "./draw.ts";
import type { Palette } from "./palette.ts";
import type { Drawing } from "./paper.ts";
import type { RangeS, Recovery } from "./recoveries.ts";
import { inSeconds, recoveriesOf } from "./recoveries.ts";
import { lineMark, strokes, ticks } from "./strokes.ts";

/** Recovery against what decides it: how old the victim's lock or lease was when the fault struck, and whether it led the cluster. */
export function agePlot(trials: readonly TrialResult[], name: string): Drawing | null {
  const points = pointsOf(trials);
  const [first] = points;
  if (first === undefined || points.length < FEWEST) return null;
  const mixed = new Set(points.map(({ master }) => master)).size > 1;
  return {
    name,
    title: `Recovery against the age of the victim's ${first.of}`,
    description:
      (points.length > MOST_WITH_INTERVALS
        ? `● a trial; the intervals of more than ${MOST_WITH_INTERVALS} are left out`
        : "● a trial, with the intervals of both") +
      "; shaded, what was predicted of it. The age at the fault decides how many rounds the cluster waits." +
      (mixed ? " Hollow: the victim was the CRM master." : ""),
    draw: (paper) =>
      drawPlot(paper, {
        height: 260,
        marginLeft: 52,
        marginRight: 14,
        marginTop: 26,
        marginBottom: 40,
        x: {
          domain: [...domainOf(points.flatMap(({ age }) => age))],
          label: `age of the ${first.of} at the fault, s`,
        },
        y: {
          domain: [
            ...domainOf(points.flatMap(({ range, predicted }) => [...range, ...(predicted ?? [])])),
          ],
          label: "recovery, s",
          grid: true,
        },
        marks: [...marks(points, paper.palette, mixed)],
      }),
  };
}

/** One says nothing of how the one hangs on the other. */
const FEWEST = 2;
/** Those of more would hide each other, and everything else. */
const MOST_WITH_INTERVALS = 60;

interface AgePoint extends Recovery {
  readonly of: string;
  readonly age: RangeS;
  readonly ageMiddle: number;
  readonly master: boolean;
}

const names = { "agent-lock": "agent lock", lease: "Lease" } as const;

const pointsOf = (trials: readonly TrialResult[]): readonly AgePoint[] =>
  recoveriesOf(trials).flatMap((recovery) => {
    const { cycle_age, victim_was_master } = recovery.result;
    if (cycle_age === null) return [];
    const { of, age_ms } = cycle_age;
    return [
      {
        ...recovery,
        of: names[of],
        age: inSeconds(age_ms),
        ageMiddle: middleMs(age_ms) / 1000,
        master: victim_was_master === true,
      },
    ];
  });

function marks(
  points: readonly AgePoint[],
  palette: Palette,
  mixed: boolean,
): readonly Plot.Markish[] {
  const [color] = palette.arms;
  const few = points.length <= MOST_WITH_INTERVALS;
  const isHollow = ({ master }: AgePoint): boolean => mixed && master;
  const predicted = points.flatMap(({ predicted: range, ageMiddle }) =>
    range === null ? [] : uprights(ageMiddle, range),
  );
  return [
    lineMark(predicted, { stroke: palette.shade, strokeWidth: few ? 8 : 2 }),
    ...(few ? intervals(points, color) : []),
    dots(
      points.filter((point) => !isHollow(point)),
      few,
      { fill: color, stroke: palette.paper },
    ),
    dots(points.filter(isHollow), few, { fill: palette.paper, stroke: color }),
  ];
}

function intervals(points: readonly AgePoint[], color: string): readonly Plot.Markish[] {
  const across = points.map(({ age: [from, to], middle }) => ({ from, to, y: middle }));
  const upright = points.flatMap(({ ageMiddle, range }) => uprights(ageMiddle, range));
  return [
    lineMark(strokes(across), { stroke: color, strokeWidth: 1 }),
    lineMark(upright, { stroke: color, strokeWidth: 1.5 }),
  ];
}

const uprights = (x: number, [low, high]: RangeS): ReturnType<typeof ticks> =>
  ticks([{ x, y: (low + high) / 2 }], high - low);

const dots = (
  points: readonly AgePoint[],
  few: boolean,
  colors: { readonly fill: string; readonly stroke: string },
): Plot.Markish =>
  Plot.dot(points, {
    x: "ageMiddle",
    y: "middle",
    r: few ? 4 : 2.5,
    strokeWidth: few ? 1.5 : 1,
    ...colors,
    ...(few ? { title: titleOf } : {}),
  });

const titleOf = ({ trial, result: { cycle_age, durations_ms } }: AgePoint): string =>
  `${trial}: age ${measured(cycle_age?.age_ms ?? [0, 0])}, recovery ${measured(durations_ms.recovery ?? [0, 0])}`;
