import type { RunReport } from "../model/run-report.ts";
import type { RunFacts } from "./analyse.ts";
import type { MeasuredTrial } from "./analyse-trial.ts";
import type { ArmAsked } from "./arm-asked.ts";
import { askedOf } from "./arm-asked.ts";
import { courseOf } from "./course.ts";
import { measuredTrials } from "./trial-results.ts";

/** What a run measured, without all that a report says besides: it takes a fraction of the work. */
export interface MeasuredRun extends Pick<
  RunReport,
  "run" | "tool" | "started_wall" | "clusters" | "clock"
> {
  readonly experiment: Pick<RunReport["experiment"], "name">;
  readonly arms: readonly ArmAsked[];
  readonly trials: readonly MeasuredTrial[];
}

/** The same from its facts. */
export async function measuredRun({ plan, records, samples }: RunFacts): Promise<MeasuredRun> {
  const { started_wall, clusters, clock } = courseOf(records);
  const { arms, name } = plan.experiment;
  return {
    run: plan.run,
    tool: plan.tool,
    experiment: { name },
    started_wall,
    clusters,
    clock,
    arms: arms.map((arm) => askedOf(plan, arm)),
    trials: await measuredTrials(plan, records, samples),
  };
}
