import type { RunReport } from "../../model/run-report.ts";
import { shortText } from "../short-text.ts";
import { agePlot } from "./age-plot.ts";
import { ecdfPlot } from "./ecdf-plot.ts";
import type { Drawing } from "./paper.ts";
import { recoveryPlot } from "./recovery-plot.ts";
import { timelinePlot } from "./timeline-plot.ts";

export interface Drawings {
  /** Of all arms together. */
  readonly shared: readonly Drawing[];
  /** By arm, in their order. */
  readonly ofArms: readonly {
    readonly timeline: Drawing | null;
    readonly age: Drawing | null;
  }[];
}

/** All that is drawn of a run. */
export function drawingsOf(report: RunReport): Drawings {
  return {
    shared: [recoveryPlot(report), ecdfPlot(report)].filter((each) => each !== null),
    ofArms: report.arms.map((arm, index) => {
      const trials = report.trials.filter((trial) => trial.arm === arm.name);
      const suffix = `${index + 1}-${fileName(arm.name)}`;
      return {
        timeline: timelinePlot(trials, `timeline-${suffix}`, "Trial by trial"),
        age: agePlot(trials, `cycle-age-${suffix}`),
      };
    }),
  };
}

/** Arms are named freely. */
const fileName = (arm: string): string => shortText(arm, 60).replaceAll(/[^A-Za-z0-9_-]/gu, "-");
