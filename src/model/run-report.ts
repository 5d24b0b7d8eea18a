import type { RangeMs } from "../base/interval.ts";
import type { ClusterIdentity } from "./cluster-facts.ts";
import type { ArmContrast, OpenRangeMs } from "./contrast.ts";
import type { DurationMeasure, StatisticName } from "./experiment.ts";
import type { ArmWait } from "./explanation.ts";
import type { ReferenceHypotheses } from "./hypothesis.ts";
import type { RunEnd } from "./journal.ts";
import type { SpellKind, TrialResult } from "./trial-result.ts";

/** `report.json`: everything that a run's facts mean. Computed again from the run folder at any time. */
export interface RunReport {
  readonly format: 1;
  readonly run: string;
  readonly tool: string;
  readonly experiment: {
    readonly name: string;
    readonly title: string;
    readonly description: string;
    readonly seed: number;
    readonly order: string;
  };
  /** What a wall clock showed at the zero of the run's clock; a label only. */
  readonly origin_wall: string | null;
  readonly started_wall: string | null;
  readonly ended_wall: string | null;
  /** Length of the run on its own clock. */
  readonly length_ms: number;
  /** Null: the journal has no end; the run died or is under way. */
  readonly end: RunEnd | null;
  readonly end_detail: string;
  readonly verdict: Verdict;
  readonly arms: readonly ArmReport[];
  readonly trials: readonly TrialResult[];
  readonly clusters: readonly ReportedCluster[];
  readonly clock: {
    /** Lab seconds in one real second; 1 on a real cluster. Accuracy is claimed at 1 only. */
    readonly speed: number;
    readonly deadline_floor_ms: number;
    readonly period_floor_ms: number;
  } | null;
  /** Which of the arms that share a reference lies nearer to it, and why none was fitted. */
  readonly comparisons: readonly ReferenceComparison[];
  /** The run's own arms held against each other. */
  readonly contrasts: readonly ArmContrast[];
  /** What is most consistent with the recoveries of references. */
  readonly hypotheses: readonly ReferenceHypotheses[];
  readonly assumptions: readonly Assumption[];
  /** Trust that was switched off by name: shown wherever the result is. */
  readonly downgrades: readonly string[];
  /** Guards that the run was told not to obey, and what they saw. */
  readonly overrides: readonly GuardOverride[];
}

export interface ReportedCluster {
  readonly name: string;
  readonly identity: ClusterIdentity;
  /** What decides how long a failover takes there, as it was read last before a kill; empty where nothing was. */
  readonly settings: readonly ClusterSetting[];
}

export interface ClusterSetting {
  /** As its cluster spells it: "node-monitor-grace-period". */
  readonly name: string;
  /** With its unit: "40 s". */
  readonly value: string;
  readonly source: "cluster" | "inventory";
}

export interface GuardOverride {
  readonly guard: string;
  /** Trials that it would have refused. */
  readonly trials: number;
  /** What it saw in them, each once. */
  readonly saw: readonly string[];
}

export type VerdictName = "pass" | "fail" | "inconclusive";

export interface Verdict {
  readonly name: VerdictName;
  /** One sentence. */
  readonly why: string;
  readonly rules: readonly RuleVerdict[];
}

export interface RuleVerdict {
  readonly text: string;
  readonly arm: string;
  readonly name: VerdictName;
  /** "p95 of recovery is 141.2 s (140.1 .. 142.3)". */
  readonly saw: string;
  /** Trials that break it by themselves; only where the rule limits every trial: `recovery.max <= 3m`. */
  readonly broken_by: readonly string[];
}

export interface ArmReport {
  readonly name: string;
  readonly cluster: string;
  readonly cluster_kind: "proxmox" | "kubernetes";
  /** In words: "chassis power off over IPMI", "clone of VM 9000, seen through PVE's console". */
  readonly fault: string;
  readonly desktop: string;
  readonly placement: string;
  /** "when the victim's agent lock is 0 s .. 10 s old, each trial in its own part of that". */
  readonly moment: string;
  readonly planned: number;
  readonly outcomes: Readonly<
    Record<
      "recovered" | "no-outage" | "censored" | "void" | "refused" | "interrupted" | "missing",
      number
    >
  >;
  readonly statistics: readonly MeasureStatistics[];
  /** Where most recoveries lie; null where nothing recovered. */
  readonly bulk: Bulk | null;
  /** The share of valid trials that is still down after each recovery, in ascending order. */
  readonly survival: readonly SurvivalPoint[];
  /** Kinds of trials that are known to differ, apart; empty where all are of one kind. */
  readonly strata: readonly Stratum[];
  /** Recovered trials apart by who answers then; only what there is. */
  readonly answered_by: readonly AnsweredBy[];
  /** What a user sees; only what was seen. */
  readonly spells: readonly ArmSpell[];
  /** Where the time went, in order; empty where no trial has an explanation. */
  readonly waits: readonly ArmWait[];
  readonly reference: ArmReference | null;
}

/** The shortest range that holds nine of ten recovered trials, by their middles; below ten of them all. */
export interface Bulk {
  readonly trials: number;
  readonly of: number;
  readonly range_ms: RangeMs;
}

/** Kaplan-Meier's estimate for the recovery; without censored trials it is one minus the ECDF. */
export interface SurvivalPoint {
  readonly time_ms: number;
  /** Share that takes longer, 0..1. */
  readonly survival: number;
  /** 95 %, by the log-log transformation. */
  readonly band: readonly [low: number, high: number];
}

/** The same instance coming back is no failover. */
export interface AnsweredBy {
  readonly instance: "new" | "same" | "unknown";
  readonly trials: number;
  /** Of the recovery. */
  readonly median_ms: StatisticValue | null;
}

/** One kind of failure in the recovered trials of an arm: all spells of that kind in a trial count together. */
export interface ArmSpell {
  /** `frozen`: the held session's picture stands still. */
  readonly kind: Exclude<SpellKind, "answering" | "unobserved"> | "frozen";
  /** In how many trials it was seen. */
  readonly trials: number;
  /** Of those in which it was seen to end; null: in none. */
  readonly median_ms: StatisticValue | null;
  /** Trials whose session was left while it stood still, each for at least that long; null: none. */
  readonly left_open: { readonly trials: number; readonly at_least_ms: number } | null;
}

/** Over the recovered trials of one arm. Each number has the range that the trials' own errors leave it. */
export interface MeasureStatistics {
  readonly measure: DurationMeasure;
  readonly n: number;
  /** Trials still down at their limit: they are longer than every number here that does not say otherwise. */
  readonly censored: number;
  readonly values_ms: Readonly<Record<StatisticName, StatisticValue | null>>;
  /** Sample standard deviation (n - 1); its range is as far as the trials' own errors can move it. */
  readonly sd_ms: StatisticValue | null;
  /** Distribution-free, 95 %, of the median, wherever in their intervals the trials' values lie; null below 6 trials. */
  readonly median_interval_ms: RangeMs | null;
  /** Null unless trials are censored, and for the phases, which have no bound then. */
  readonly kaplan_meier: KaplanMeier | null;
}

/** Kaplan-Meier estimates over all valid trials, censored ones included. */
export interface KaplanMeier {
  readonly n: number;
  readonly median: SurvivalQuantile;
  readonly p90: SurvivalQuantile;
}

export interface SurvivalQuantile {
  /** Null: too many trials were still down to tell. */
  readonly value_ms: number | null;
  /** 95 %, by the log-log transformation. Null: no end; below six trials neither. */
  readonly interval_ms: OpenRangeMs;
}

/** Trials of one kind within an arm. */
export interface Stratum {
  /** "CRM master killed". */
  readonly name: string;
  /** Valid ones. */
  readonly trials: number;
  /** Of recovery and outage. */
  readonly statistics: readonly MeasureStatistics[];
}

export interface StatisticValue {
  readonly value_ms: number;
  /** The same statistic over all lower and over all upper ends of the trials' intervals, unless said otherwise. */
  readonly range_ms: RangeMs;
  /** "largest of 10" where a percentile of so few trials is no more than that. */
  readonly label: string | null;
}

export interface ArmReference {
  readonly title: string;
  readonly source: string;
  readonly measure: DurationMeasure;
  readonly n: number;
  readonly values_ms: readonly number[];
  readonly median_ms: number;
  readonly mean_ms: number;
  readonly sd_ms: number;
  readonly min_ms: number;
  readonly max_ms: number;
  /** Measured median minus the reference's; null without trials. */
  readonly shift_ms: number | null;
  /** 95 %, by bootstrap, wherever in their intervals the trials' values lie; null where a side has fewer than six. */
  readonly shift_interval_ms: RangeMs | null;
  /** Largest distance of the two empirical distribution functions, 0..1. */
  readonly ecdf_distance: number | null;
}

export interface ReferenceComparison {
  readonly title: string;
  readonly nearer: string | null;
  readonly text: string;
}

export interface Assumption {
  readonly cluster: string;
  readonly name: string;
  readonly value: string;
  readonly why: string;
}
