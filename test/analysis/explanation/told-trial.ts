import type { SpanMs } from "../../../src/base/interval.ts";
import { durationsOf } from "../../../src/analysis/durations.ts";
import type { Predicted } from "../../../src/analysis/explanation/evidence.ts";
import { explainTrial } from "../../../src/analysis/explanation/explain-trial.ts";
import type { Told } from "../../../src/analysis/explanation/explain-trial.ts";
import { milestonesOf } from "../../../src/analysis/milestones.ts";
import { present } from "../../../src/base/assert.ts";
import { spanFromMs } from "../../../src/base/interval.ts";
import type {
  ClusterTimers,
  ControlPlaneEvent,
  ControlPlaneEventKind,
} from "../../../src/model/cluster-facts.ts";
import type { Explanation, Wait } from "../../../src/model/explanation.ts";
import type { TrialGrid, TrialResult } from "../../../src/model/trial-result.ts";
import { trialResult } from "../trials.ts";

/** A failover as a story tells it: seconds since the kill. */
export interface Story {
  readonly timers: ClusterTimers;
  readonly victim: string;
  readonly heir: string;
  readonly seen: readonly (readonly [ControlPlaneEventKind, at: number])[];
  readonly back: number;
  /** Half the width of what is known of each instant, in seconds. */
  readonly doubt?: number;
  readonly endpoint?: string;
}

/** Far from the clock's origin, as trials are. */
export const KILL_MS = 1_000_000;

export const around = (at: number, doubt: number): SpanMs => [
  KILL_MS + (at - doubt) * 1000,
  KILL_MS + (at + doubt) * 1000,
];

const grid = (endpoint: string): TrialGrid => ({
  endpoint,
  period_ms: 250,
  connect_timeout_ms: 1000,
  attempt_timeout_ms: 2000,
  depth: "frame",
  consecutive: 4,
});

/** What the explanation is made of. */
export interface ToldTrial {
  readonly trial: TrialResult;
  readonly told: Told;
}

export function toldTrial(story: Story): ToldTrial {
  const { timers, victim, heir, doubt = 0.05, endpoint = "novnc http://10.0.0.9/" } = story;
  const events = story.seen.map(([kind, at]) => eventAt(kind, around(at, doubt), story));
  return toldAs(
    { timers, victim, heir, events, endpoint },
    around(0, 0.02),
    around(story.back, 0.15),
  );
}

interface Facts {
  readonly timers: ClusterTimers;
  readonly victim: string;
  readonly heir: string;
  readonly events: readonly ControlPlaneEvent[];
  readonly endpoint: string;
}

export function toldAs(facts: Facts, fault: SpanMs, back: SpanMs): ToldTrial {
  const { timers, victim, heir, events, endpoint } = facts;
  const seen = milestonesOf(events, spanFromMs(fault), spanFromMs(back), victim);
  const instants = { fault, lost: fault, back, ...seen };
  const trial = trialResult({
    victim,
    instants,
    ...durationsOf(instants),
    after: { node: heir, instance: "new" },
    grid: grid(endpoint),
  });
  return { trial, told: { timers, events, samples: [], lateness_ms: 0, killed: true } };
}

export const eventAt = (
  kind: ControlPlaneEventKind,
  observed_ms: SpanMs,
  { victim, heir }: Pick<Story, "victim" | "heir">,
): ControlPlaneEvent => ({
  kind,
  observed_ms,
  node: ["node-chosen", "instance-started", "endpoint-ready"].includes(kind) ? heir : victim,
  instance: null,
  stamp: null,
  source: "a story",
  raw: null,
});

export const explanationOf = (
  { trial, told }: ToldTrial,
  predicted: Predicted | null = null,
): Explanation => present(explainTrial(trial, told, predicted), "an explanation");

export const waitNamed = ({ waits }: Explanation, name: string): Wait =>
  present(
    waits.find((wait) => wait.name === name),
    `the wait ${name} among ${waits.map((wait) => wait.name).join(", ")}`,
  );

/** The waits in seconds, to a tenth. */
export const lengths = ({ waits }: Explanation): readonly (readonly [string, number])[] =>
  waits.map(({ name, likely_ms }) => [name, Math.round(likely_ms / 100) / 10] as const);

export const proxmoxTimers = (
  changes: Partial<Extract<ClusterTimers, { readonly kind: "proxmox" }>> = {},
): ClusterTimers => ({
  kind: "proxmox",
  master: "pve3",
  victim_is_master: false,
  lock_age_ms: [4500, 5500],
  crm_age_ms: [5000, 6000],
  lrm_states: { pve1: "wait_for_agent_lock", pve2: "active", pve3: "active" },
  nodes: 3,
  token_ms: 3000,
  token_coefficient_ms: 650,
  at_ms: [KILL_MS - 100, KILL_MS - 50],
  ...changes,
});

export const kubernetesTimers = (
  changes: Partial<Extract<ClusterTimers, { readonly kind: "kubernetes" }>> = {},
): ClusterTimers => ({
  kind: "kubernetes",
  lease_age_ms: [3900, 4000],
  node_monitor_period_ms: 5000,
  node_monitor_grace_ms: 40_000,
  toleration_s: 1,
  start_ms: [3900, 4100],
  at_ms: [KILL_MS - 50, KILL_MS - 50],
  ...changes,
});
