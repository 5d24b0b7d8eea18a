import type { JournalEvent, JournalRecord, RunEvent } from "../model/journal.ts";
import type { RunPlan } from "../model/plan.ts";
import type { RunReport } from "../model/run-report.ts";
import type { Sample } from "../model/sample.ts";
import { armReport } from "./arm-report.ts";
import { assumptionsOf } from "./assumptions.ts";
import { armContrasts } from "./comparison/arm-contrasts.ts";
import { compareReferences } from "./compare-references.ts";
import { downgradesOf } from "./downgrades.ts";
import { referenceHypotheses } from "./explanation/hypotheses/reference-hypotheses.ts";
import { judge } from "./judge.ts";
import { overridesOf } from "./overrides.ts";
import { trialResults } from "./trial-results.ts";

export interface RunFacts {
  readonly plan: RunPlan;
  readonly records: readonly JournalRecord[];
  /** In the order of the file: contiguous by trial. */
  readonly samples: AsyncIterable<Sample>;
}

/** Everything that a run's facts mean. The same facts give the same report, whenever and wherever it is computed. */
export async function analyse({ plan, records, samples }: RunFacts): Promise<RunReport> {
  const { experiment } = plan;
  const trials = await trialResults(plan, records, samples);
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

type Course = Pick<
  RunReport,
  "started_wall" | "ended_wall" | "length_ms" | "end" | "end_detail" | "clusters" | "clock"
>;

/** What the journal says of the run as a whole. */
function courseOf(records: readonly JournalRecord[]): Course {
  const start = firstOf(records, "run-started");
  const resumed = records.findLastIndex(({ event }) => event.kind === "run-resumed");
  const end = firstOf(records.slice(resumed + 1), "run-ended");
  return {
    started_wall: records[0]?.wall ?? null,
    ended_wall: end?.wall ?? null,
    length_ms: (records.at(-1)?.at_ms ?? 0) - (records[0]?.at_ms ?? 0),
    ...(end === null
      ? { end: null, end_detail: "the journal has no end: the run died or is under way" }
      : { end: end.event.end, end_detail: end.event.detail }),
    clusters: clustersOf(records),
    clock: start === null ? null : start.event.clock,
  };
}

function clustersOf(records: readonly JournalRecord[]): RunReport["clusters"] {
  const identified = new Map(
    records.flatMap(({ event }) =>
      event.kind === "cluster-identified" ? [[event.cluster, event.identity] as const] : [],
    ),
  );
  return [...identified].map(([name, identity]) => ({ name, identity }));
}

interface OfKind<Kind extends RunEvent["kind"]> {
  readonly wall: string;
  readonly event: Extract<RunEvent, { readonly kind: Kind }>;
}

function firstOf<Kind extends RunEvent["kind"]>(
  records: readonly JournalRecord[],
  kind: Kind,
): OfKind<Kind> | null {
  const isOfKind = (event: JournalEvent): event is OfKind<Kind>["event"] => event.kind === kind;
  for (const { wall, event } of records) if (isOfKind(event)) return { wall, event };
  return null;
}
