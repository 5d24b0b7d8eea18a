import type { ArmReport, RunReport } from "../model/run-report.ts";
import type { TrialGrid } from "../model/trial-result.ts";

export interface Fact {
  readonly what: string;
  readonly value: string;
}

/** Grid, deadlines and clock that the numbers were measured with: what their intervals are made of. */
export const howMeasured = (report: RunReport): readonly Fact[] => [
  ...clockFacts(report),
  ...report.arms.map((arm) => ({ what: `${arm.name}: probe`, value: probeOf(arm, report) })),
  {
    what: "control target",
    value:
      "the API of a node that is not the victim, by TCP on the same grid; a desktop's failure while that one failed, too, " +
      "counts as unobserved",
  },
  {
    what: "trials",
    value: `order ${report.experiment.order}, seed ${report.experiment.seed}; the phase of every grid and the moment of every kill are random`,
  },
  {
    what: "a trial's number",
    value: "the middle of the interval that the neighbouring samples leave; ± is half its width",
  },
  {
    what: "the fault",
    value:
      "between the victim's last proof of life (beats over SSH, its greeting, its own stamp, the desktop's last good sample) and the " +
      "first proof of its death",
  },
  {
    what: "held session",
    value:
      "one noVNC session that was open before the kill; a small piece of its picture is asked for once a second",
  },
  {
    what: "statistics",
    value:
      "over the recovered trials; sd is the sample's (n - 1), percentiles are R-7 (NumPy's and Excel's), " +
      "the 95 % interval of a median is distribution-free (between order statistics, by Hettmansperger and Sheather; none below six trials); where trials are censored, Kaplan-Meier's median with Brookmeyer and Crowley's log-log interval stands beside",
  },
  ...contrastFacts(report),
];

const contrastFacts = ({ contrasts }: RunReport): readonly Fact[] =>
  contrasts.length === 0
    ? []
    : [
        {
          what: "arms against each other",
          value:
            "shift by Hodges and Lehmann with its distribution-free 95 % interval, wherever in their intervals the trials' values lie; " +
            "p by Mann and Whitney, or by the log-rank test where trials are censored; each pair by itself, so that of twenty that " +
            "do not differ one is called different",
        },
      ];

function clockFacts({ clock }: RunReport): readonly Fact[] {
  if (clock === null) return [];
  const { speed, deadline_floor_ms, period_floor_ms } = clock;
  if (speed === 1) return [{ what: "clock", value: "speed 1: one second is a second" }];
  return [
    { what: "clock", value: `speed ${speed}: ${speed} lab seconds in a real one` },
    {
      what: "floors",
      value:
        `no deadline below ${deadline_floor_ms} ms and no period below ${period_floor_ms} ms of lab time, ` +
        "because scaling divides the waits and not the computer's work",
    },
  ];
}

function probeOf(arm: ArmReport, report: RunReport): string {
  const grids = report.trials.flatMap((trial) =>
    trial.arm === arm.name && trial.grid !== null ? [gridWords(trial.grid)] : [],
  );
  const distinct = [...new Set(grids)];
  return distinct.length === 0 ? "never watched" : distinct.slice(0, MAX_GRIDS).join("; or ");
}

/** More than these differ in their addresses only. */
const MAX_GRIDS = 2;

const gridWords = (grid: TrialGrid): string =>
  `every ${grid.period_ms} ms down to depth ${grid.depth} at ${grid.endpoint}, connect within ${grid.connect_timeout_ms} ms, ` +
  `all within ${grid.attempt_timeout_ms} ms; back is ${grid.consecutive} good in a row`;
