import * as Plot from "@observablehq/plot";
import type { ArmReport, RunReport, SurvivalPoint } from "../../model/run-report.ts";
import { figuresOf } from "../arm-figures.ts";
import { shortText } from "../short-text.ts";
import type { Domain } from "./domain.ts";
import { domainOf, within } from "./domain.ts";
import { drawPlot } from "./draw.ts";
import type { Key } from "./legend.ts";
import { legendOf } from "./legend.ts";
import type { Palette } from "./palette.ts";
import type { Drawing, Paper } from "./paper.ts";
import { NARROW } from "./paper.ts";
import { boundsOf } from "./recoveries.ts";
import { lineMark, strokes, textMark } from "./strokes.ts";

/** The share of trials that were back within a time, of all arms. */
export function ecdfPlot({ arms, trials }: RunReport): Drawing | null {
  const curves = arms.flatMap((arm, at): readonly Curve[] =>
    arm.survival.length === 0
      ? []
      : [{ arm, at, bounds: boundsOf(trials.filter((trial) => trial.arm === arm.name)) }],
  );
  if (curves.length === 0) return null;
  const domain = domainOf(
    curves.flatMap(({ arm }) => arm.survival.map(({ time_ms }) => time_ms / 1000)),
  );
  const censored = curves.some(({ bounds }) => bounds.length > 0);
  return {
    name: "ecdf",
    title: "How many are back by when",
    description:
      `The share of trials that were back within that time${censored ? ", by Kaplan and Meier, as some were still down at their limit (+)" : " (ECDF)"}. ` +
      namesOfLost(arms) +
      "The shaded band holds each curve with 95 %, by the log-log transformation.",
    draw: (paper) => {
      const legend = legendOf(
        curves.map((curve) => keyOf(curve, paper)),
        paper.width - LEFT - RIGHT,
      );
      const top = legend.height + 12;
      return drawPlot(paper, {
        height: top + HEIGHT + AXIS,
        marginLeft: LEFT,
        marginRight: RIGHT,
        marginTop: 0,
        marginBottom: AXIS,
        x: { domain: [...domain], label: "recovery, s" },
        y: { type: "identity", axis: null },
        marks: [
          ...shareAxis(top, domain, paper.palette),
          ...curves.map((curve) => band(curve, top, domain, paper.palette)),
          ...curves.flatMap((curve) => curveMarks(curve, top, domain, paper.palette)),
          ...legend.marks(domain, 0),
        ],
      });
    },
  };
}

const HEIGHT = 240;
const AXIS = 40;
const LEFT = 52;
const RIGHT = 12;

interface Curve {
  readonly arm: ArmReport;
  /** Its place among the arms, which decides its colour and its dashes. */
  readonly at: number;
  readonly bounds: ReturnType<typeof boundsOf>;
}

const dashes = ["none", "7 3", "2 3", "9 3 2 3"] as const;

/** Colours come again after four arms, and then with other dashes. */
const lookOf = ({ at }: Curve, { arms }: Palette): { stroke: string; strokeDasharray: string } => ({
  stroke: arms[at % arms.length] ?? arms[0],
  strokeDasharray: dashes[(at + Math.floor(at / dashes.length)) % dashes.length] ?? "none",
});

const height = (top: number, share: number): number => top + HEIGHT * (1 - share);

function shareAxis(top: number, [low, high]: Domain, palette: Palette): readonly Plot.Markish[] {
  const shares = [0, 0.25, 0.5, 0.75, 1];
  const lines = shares.map((share) => ({ from: low, to: high, y: height(top, share) }));
  const labels = shares.map((share) => ({
    x: low,
    y: height(top, share),
    text: `${100 * share} %`,
  }));
  return [
    lineMark(strokes(lines), { stroke: palette.line, strokeWidth: 1 }),
    textMark(labels, { textAnchor: "end", dx: -6, fill: palette.soft }),
  ];
}

/** Each step lasts until the next; the last one to the end of the drawing. */
const stepsOf = (survival: readonly SurvivalPoint[], [low, high]: Domain): readonly Step[] => {
  const steps = survival.map(({ time_ms, survival: share, band: [least, most] }) => ({
    x: time_ms / 1000,
    share: 1 - share,
    least: 1 - most,
    most: 1 - least,
  }));
  const first = { x: low, share: 0, least: 0, most: 0 };
  const last = steps.at(-1) ?? first;
  return [first, ...steps, { ...last, x: high }];
};

interface Step {
  readonly x: number;
  readonly share: number;
  readonly least: number;
  readonly most: number;
}

/** As far as some are still down: where nobody is, the band says nothing. */
function bandOf(survival: readonly SurvivalPoint[], domain: Domain): readonly Step[] {
  const steps = stepsOf(survival, domain);
  const end = steps.findIndex(({ share }) => share >= 1);
  const [before, last] = [steps[end - 1], steps[end]];
  return before === undefined || last === undefined
    ? steps
    : [...steps.slice(0, end), { ...before, x: last.x }];
}

const band = (curve: Curve, top: number, domain: Domain, palette: Palette): Plot.Markish =>
  Plot.areaY(bandOf(curve.arm.survival, domain), {
    x: "x",
    y1: ({ least }: Step) => height(top, least),
    y2: ({ most }: Step) => height(top, most),
    curve: "step-after",
    fill: lookOf(curve, palette).stroke,
    fillOpacity: 0.12,
  });

function curveMarks(
  curve: Curve,
  top: number,
  domain: Domain,
  palette: Palette,
): readonly Plot.Markish[] {
  const steps = stepsOf(curve.arm.survival, domain);
  const shareAt = (time: number): number => steps.findLast(({ x }) => x <= time)?.share ?? 0;
  const lost = curve.bounds.map(({ longerThan }) => {
    const x = within(longerThan, domain);
    return { x, y: height(top, shareAt(x)), text: "+" };
  });
  return [
    lineMark(
      steps.map(({ x, share }) => ({ x, y: height(top, share) })),
      { ...lookOf(curve, palette), strokeWidth: 2, curve: "step-after" },
    ),
    textMark(lost, { textAnchor: "middle", fontSize: 16, fontWeight: "bold" }),
  ];
}

const keyOf = (curve: Curve, { width, palette }: Paper): Key => {
  const name = shortText(curve.arm.name, width === NARROW ? 18 : 90);
  return { text: `${name}, ${medianOf(curve.arm)}`, ...lookOf(curve, palette), strokeWidth: 2 };
};

/** As the curve has it where some are not among the recovered. */
function medianOf(arm: ArmReport): string {
  if (arm.outcomes.censored + arm.outcomes["no-outage"] === 0) {
    return `median ${figuresOf(arm, "recovery").median} s`;
  }
  const half = arm.survival.find(({ survival }) => survival <= 0.5);
  return half === undefined ? "median not reached" : `median ${(half.time_ms / 1000).toFixed(1)} s`;
}

/** Arms without a curve. */
function namesOfLost(arms: readonly ArmReport[]): string {
  const lost = arms.filter(
    ({ survival, outcomes }) => survival.length === 0 && outcomes.censored > 0,
  );
  return lost.length === 0
    ? ""
    : `Not drawn, as no trial of it was seen back: ${lost.map(({ name }) => shortText(name, 90)).join(", ")}. `;
}
