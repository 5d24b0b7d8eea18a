import type { RangeMs } from "../base/interval.ts";
import type { DurationMeasure } from "./experiment.ts";

/** Why one recovery took as long as it did. */
export interface Explanation {
  /**
   * In order, each beginning where the one before it ends. Their `likely_ms` add up to the middle of the measured
   * recovery; the sum of their lower ends is no more than its lower, that of their upper ends no less than its upper end.
   */
  readonly waits: readonly Wait[];
  /** Against the prediction from the cluster's timers just before the kill. */
  readonly placed: "inside" | "outside" | "not-predicted";
  /** Why it may lie outside, likeliest first; empty unless it does. */
  readonly causes: readonly string[];
}

/** One thing that the desktop had to wait for. */
export interface Wait extends WaitText {
  readonly ms: RangeMs;
  /** Between the middles of the two instants that bound it. */
  readonly likely_ms: number;
}

/** What is known of a wait without its length. */
export interface WaitText {
  readonly name: string;
  /** The phase that it is a part of; `recovery` where it could not be told from its neighbours of other phases. */
  readonly phase: DurationMeasure;
  /** The rule that made the desktop wait, in one sentence. */
  readonly rule: string;
  /** The setting that owns it and its value: `node-monitor-grace-period = 40 s`; null: no setting does. */
  readonly setting: string | null;
  /** What would shorten it; null: nothing can. */
  readonly shorten: string | null;
  /** Where the rule is public: `pve-ha-manager HA/NodeStatus.pm:145`. */
  readonly source: string;
  /** The wait that runs beside it and ends later, so that nothing is gained by shortening this one; null: there is none. */
  readonly within: string | null;
}

/** One wait over the explained trials of an arm. */
export interface ArmWait extends Omit<WaitText, "rule"> {
  /** Trials that had it, by itself. */
  readonly n: number;
  readonly median_ms: number;
  readonly min_ms: number;
  readonly max_ms: number;
}
