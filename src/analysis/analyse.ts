import type { JournalRecord } from "../model/journal.ts";
import type { RunPlan } from "../model/plan.ts";
import type { RunReport } from "../model/run-report.ts";
import type { Sample } from "../model/sample.ts";
import { armReport } from "./arm-report.ts";
import { assumptionsOf } from "./assumptions.ts";
import { armContrasts } from "./comparison/arm-contrasts.ts";
import { compareReferences } from "./compare-references.ts";
import { courseOf } from "./course.ts";
import { downgradesOf } from "./downgrades.ts";
import { referenceHypotheses } from "./explanation/hypotheses/reference-hypotheses.ts";
import { judge } from "./judge.ts";
import { overridesOf } from "./overrides.ts";
import type { TellStory } from "./trial-results.ts";
import { trialResults } from "./trial-results.ts";

export interface RunFacts {
  readonly plan: RunPlan;
  readonly records: readonly JournalRecord[];
  /** In the order of the file: contiguous by trial. */
  readonly samples: AsyncIterable<Sample>;
}

/**
 * Everything that a run's facts mean. The same facts give the same report, whenever and wherever it is computed. `tell` hears
 * beside it what each trial's story is.
 */
export async function analyse(
  { plan, records, samples }: RunFacts,
  tell?: TellStory,
): Promise<RunReport> {
  const { experiment } = plan;
  const trials = await trialResults({ plan, records, samples }, tell);
  const own = (arm: string): typeof trials => trials.filter((trial) => trial.arm === arm);
  const arms = experiment.arms.map((arm) => armReport(plan, arm, own(arm.name)));
  return {
    format: 1,
    run: plan.run,
    tool: plan.tool,
    experiment: {
      name: experiment.name,
      title: experiment.title,
      description: experiment.description,
      seed: experiment.seed,
      order: experiment.order,
    },
    ...courseOf(records),
    verdict: judge(
      experiment.acceptance,
      arms.map(({ name, planned }) => ({ name, planned, trials: own(name) })),
    ),
    arms,
    trials,
    comparisons: compareReferences(arms, plan.lab !== null),
    contrasts: armContrasts(experiment.arms, trials),
    hypotheses: referenceHypotheses(experiment),
    assumptions: assumptionsOf(plan),
    downgrades: downgradesOf(plan),
    overrides: overridesOf(plan, records),
  };
}
