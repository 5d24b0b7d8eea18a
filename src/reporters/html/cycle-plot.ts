import type { RangeMs } from "../../base/interval.ts";
import { middleMs } from "../../base/interval.ts";
import type { ArmReport } from "../../model/run-report.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { measured } from "../format.ts";
import { AXIS_HEIGHT, axis } from "./axis.ts";
import type { Markup } from "./markup.ts";
import { markup, nothing } from "./markup.ts";
import type { Scale } from "./scale.ts";
import { scaleOver } from "./scale.ts";

/** Recovery against the cycle's age at the fault, which decides how many rounds the cluster waits. */
export function cyclePlot(arm: ArmReport, trials: readonly TrialResult[], recovery: Scale): Markup {
  const points = pointsOf(trials);
  if (points.length < FEWEST) return nothing;
  const ages = scaleOver([0, ...points.flatMap(({ age }) => age)], { zero: true });
  const height = 2 * MARGIN + HEIGHT;
  const y = (ms: number): number =>
    MARGIN + HEIGHT * (1 - (ms - recovery.low) / (recovery.high - recovery.low));
  return markup`<p class="legend">Recovery (upwards, ${label(recovery.low)} to ${label(recovery.high)}) against the age of the victim's ${ageName[points[0]?.of ?? "lease"]} at the fault (to the right)</p>
<svg class="plot" width="100%" height="${height + AXIS_HEIGHT}" role="img" aria-label="Recovery of each trial of ${arm.name} against the cycle's age at the fault">
${axis(ages, height)}
${points.map((point) => mark(ages, point, y))}
</svg>`;
}

/** One says nothing of how the one hangs on the other. */
const FEWEST = 2;
const HEIGHT = 160;
const MARGIN = 10;

const ageName = { "agent-lock": "agent lock", lease: "Lease" } as const;

interface Point {
  readonly trial: string;
  readonly of: keyof typeof ageName;
  readonly age: RangeMs;
  readonly recovery: RangeMs;
}

const pointsOf = (trials: readonly TrialResult[]): readonly Point[] =>
  trials.flatMap(({ trial, outcome, cycle_age, durations_ms: { recovery } }) =>
    outcome.kind === "recovered" && recovery !== null && cycle_age !== null
      ? [{ trial, of: cycle_age.of, age: cycle_age.age_ms, recovery }]
      : [],
  );

function mark(ages: Scale, { trial, age, recovery }: Point, y: (ms: number) => number): Markup {
  const [x, middle] = [ages.place(middleMs(age)), y(middleMs(recovery))];
  const [top, bottom] = [y(recovery[1]), y(recovery[0])];
  return markup`<g class="dot"><title>${trial}: age ${measured(age)}, recovery ${measured(recovery)}</title><line x1="${ages.place(age[0])}" x2="${ages.place(age[1])}" y1="${middle}" y2="${middle}"/><line x1="${x}" x2="${x}" y1="${top}" y2="${bottom}"/><circle cx="${x}" cy="${middle}" r="4"/></g>
`;
}

const label = (ms: number): string => `${ms / 1000} s`;
