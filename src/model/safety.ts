/** What an inventory allows to be done to a cluster. */
export interface SafetyLimits {
  readonly max_nodes_down: number;
  readonly protected_nodes: readonly string[];
  /** Names of other workloads that may go down with a victim; `*` stands for anything: `monitoring/*`, `mail (100)`. */
  readonly other_workloads: readonly string[];
  /** Nothing is killed outside of them; none: at any time. */
  readonly windows: readonly MaintenanceWindow[];
  /** Kills in one run; null: as many as it has trials. */
  readonly max_kills: number | null;
  /** How long a run may have lasted when it kills; null: however long. */
  readonly max_time_ms: number | null;
}

/** In the order of ISO 8601. */
export const weekdays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
type Weekday = (typeof weekdays)[number];

/** As the clock on a wall in `zone` shows it. */
export interface MaintenanceWindow {
  /** On which it opens; one that ends past midnight reaches into the day after. */
  readonly days: readonly Weekday[];
  /** `22:00`. */
  readonly from: string;
  /** `04:00`, or `24:00`; at or before `from`: on the day after. */
  readonly to: string;
  /** `Europe/Zurich`. */
  readonly zone: string;
}

export const defaultSafety: SafetyLimits = {
  max_nodes_down: 1,
  protected_nodes: [],
  other_workloads: [],
  windows: [],
  max_kills: null,
  max_time_ms: null,
};
