import type { RangeMs } from "../base/interval.ts";
import type { ClusterIdentity } from "./cluster-facts.ts";
import type { DurationMeasure, StatisticName } from "./experiment.ts";
import type { RunEnd } from "./journal.ts";
import type { TrialResult } from "./trial-result.ts";

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
  readonly clusters: readonly { readonly name: string; readonly identity: ClusterIdentity }[];
  readonly clock: {
    /** Lab seconds in one real second; 1 on a real cluster. Accuracy is claimed at 1 only. */
    readonly speed: number;
    readonly deadline_floor_ms: number;
    readonly period_floor_ms: number;
  } | null;
  /** Which of the arms that share a reference lies nearer to it, and why none was fitted. */
  readonly comparisons: readonly ReferenceComparison[];
  readonly assumptions: readonly Assumption[];
  /** Trust that was switched off by name: shown wherever the result is. */
  readonly downgrades: readonly string[];
  /** Guards that the run was told not to obey, and what they saw. */
  readonly overrides: readonly GuardOverride[];
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
  readonly reference: ArmReference | null;
}

/** Over the recovered trials of one arm. Each number has the range that the trials' own errors leave it. */
export interface MeasureStatistics {
  readonly measure: DurationMeasure;
  readonly n: number;
  /** Trials still down at their limit: they are longer than every number here that does not say otherwise. */
  readonly censored: number;
  readonly values_ms: Readonly<Record<StatisticName, StatisticValue | null>>;
  /** Sample standard deviation (n - 1). */
  readonly sd_ms: StatisticValue | null;
  /** Percentile bootstrap, 95 %, of the median; null below 3 trials. */
  readonly median_interval_ms: RangeMs | null;
}

export interface StatisticValue {
  readonly value_ms: number;
  /** The same statistic over all lower and over all upper ends of the trials' intervals. */
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
  /** Measured median minus the reference's, with its 95 % bootstrap interval; null without trials. */
  readonly shift_ms: number | null;
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
