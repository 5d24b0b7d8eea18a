import type { RangeMs } from "../../src/base/interval.ts";
import type { OutageKind } from "../player/outage.ts";

/** What the analysis says of an outage. */
export const intervalNames = ["fault", "lost", "back", "outage", "recovery"] as const;
export type IntervalName = (typeof intervalNames)[number];

/** One interval and the truth, which itself is known to within the player's act only. */
export interface Measured {
  /**
   * `touching`: the interval ends within the player's act, which took effect somewhere in it, so nobody can say whether
   * the truth is inside. `unseen`: there is no interval.
   */
  readonly where: "inside" | "touching" | "outside" | "unseen";
  readonly seen_ms: RangeMs | null;
  readonly truth_ms: RangeMs;
  /** How wide it may be: one period and one attempt for each edge, and the periods that were unobserved there. */
  readonly limit_ms: number;
}

/** One outage. */
export interface Judged {
  readonly id: string;
  readonly kind: OutageKind;
  readonly period_ms: number;
  readonly attempts: number;
  readonly unobserved: number;
  /** Attempts that the hiccup before had left hanging, and that were still under way when it was lost. */
  readonly hanging: number;
  readonly intervals: Readonly<Record<IntervalName, Measured>>;
}

export const widthOf = ({ seen_ms }: Measured): number | null =>
  seen_ms === null ? null : seen_ms[1] - seen_ms[0];
