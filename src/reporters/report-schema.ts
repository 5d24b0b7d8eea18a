import { z } from "zod";
import type { ClusterIdentity } from "../model/cluster-facts.ts";
import type { RunEnd } from "../model/journal.ts";
import type {
  Assumption,
  GuardOverride,
  ReferenceComparison,
  ReportedCluster,
  RuleVerdict,
  RunReport,
  Verdict,
} from "../model/run-report.ts";
import { armReport } from "./schema/arm-schema.ts";
import { armContrast } from "./schema/contrast-schema.ts";
import { referenceHypotheses } from "./schema/hypothesis-schema.ts";
import { milliseconds, modelled, named, wallTime } from "./schema/parts.ts";
import { trialResult } from "./schema/trial-schema.ts";

/** JSON Schema (draft 7) of `report.json`. */
export const reportJsonSchema = (): Readonly<Record<string, unknown>> => ({
  ...z.toJSONSchema(reportSchema, { target: "draft-7" }),
});

const verdictName = () => z.enum(["pass", "fail", "inconclusive"]);

const ruleVerdict = modelled<RuleVerdict>()(
  named(
    z.strictObject({
      text: z.string().describe("The rule as the experiment has it."),
      arm: z.string(),
      name: verdictName(),
      saw: z.string().describe('"p95 of recovery is 141.2 s (140.1 .. 142.3)".'),
      broken_by: z
        .array(z.string())
        .describe("Trials that break it by themselves; only where the rule limits every trial."),
    }),
    "RuleVerdict",
    "One acceptance rule, held against one arm.",
  ),
);

const verdict = modelled<Verdict>()(
  z.strictObject({
    name: verdictName(),
    why: z.string().describe("One sentence."),
    rules: z.array(ruleVerdict),
  }),
);

const clusterIdentity = modelled<ClusterIdentity>()(
  z.strictObject({
    kind: z.enum(["proxmox", "kubernetes"]),
    name: z.string(),
    fingerprint: z
      .string()
      .describe(
        "Proxmox VE: SHA-256 of the cluster CA, or of the pinned certificate. Kubernetes: UID of the namespace kube-system.",
      ),
    version: z.string(),
  }),
);

const reportedCluster = modelled<ReportedCluster>()(
  z.strictObject({
    name: z.string(),
    identity: clusterIdentity,
    settings: z
      .array(
        z.strictObject({
          name: z.string().describe('As its cluster spells it: "node-monitor-grace-period".'),
          value: z.string().describe("With its unit."),
          source: z.enum(["cluster", "inventory"]).describe("Who told it."),
        }),
      )
      .describe("What decides how long a failover takes, as it was read last before a kill."),
  }),
);

const end = modelled<RunEnd>()(
  z.enum(["completed", "interrupted", "not-restored", "refused", "failed"]),
);

const clock = modelled<NonNullable<RunReport["clock"]>>()(
  z.strictObject({
    speed: z
      .number()
      .positive()
      .describe(
        "Lab seconds in one real second; 1 on a real cluster. Accuracy is claimed at 1 only.",
      ),
    deadline_floor_ms: milliseconds(),
    period_floor_ms: milliseconds(),
  }),
);

const comparison = modelled<ReferenceComparison>()(
  z.strictObject({
    title: z.string(),
    nearer: z.string().nullable().describe("An arm; null where none can be called nearer."),
    text: z.string(),
  }),
);

const assumption = modelled<Assumption>()(
  z.strictObject({
    cluster: z.string(),
    name: z.string(),
    value: z.string().describe("With its unit."),
    why: z.string(),
  }),
);

const guardOverride = modelled<GuardOverride>()(
  z.strictObject({
    guard: z.string(),
    trials: z.int().nonnegative().describe("Trials that it would have refused."),
    saw: z.array(z.string()).describe("What it saw in them, each once."),
  }),
);

/** What `report.json` holds: no key more, none less. */
export const reportSchema = modelled<RunReport>()(
  z
    .strictObject({
      format: z.literal(1).describe("Version of this format."),
      run: z.string().describe("Id of the run; its folder bears it."),
      tool: z.string().describe("Version of blackout that ran it."),
      experiment: z.strictObject({
        name: z.string(),
        title: z.string(),
        description: z.string(),
        seed: z.int(),
        order: z.string().describe("sequential, interleaved or random."),
      }),
      origin_wall: wallTime().describe(
        "What a wall clock showed at the zero of the run's clock, from which all instants count; a label only.",
      ),
      started_wall: wallTime().describe("Label only."),
      ended_wall: wallTime().describe("Label only."),
      length_ms: milliseconds().describe("Length of the run on its own clock, in milliseconds."),
      end: end.nullable().describe("Null: the journal has no end; the run died or is under way."),
      end_detail: z.string(),
      verdict,
      arms: z.array(armReport),
      trials: z.array(trialResult).describe("Those that were started, in the order of the plan."),
      clusters: z.array(reportedCluster),
      clock: clock.nullable(),
      comparisons: z
        .array(comparison)
        .describe(
          "Which of the arms that share a reference lies nearer to it, and why none was fitted.",
        ),
      contrasts: z
        .array(armContrast)
        .describe("The run's own arms held against each other, each pair by itself at 95 %."),
      hypotheses: z
        .array(referenceHypotheses)
        .describe("What is most consistent with the recoveries of references."),
      assumptions: z
        .array(assumption)
        .describe("Numbers of the lab that no rule of the source gives."),
      downgrades: z.array(z.string()).describe("Trust that was switched off by name."),
      overrides: z.array(guardOverride).describe("Guards that the run was told not to obey."),
    })
    .meta({
      title: "blackout report",
      description:
        'Everything that a run\'s facts mean. Keys that end in _ms are milliseconds; null means "not measured", never zero.',
    }),
);
