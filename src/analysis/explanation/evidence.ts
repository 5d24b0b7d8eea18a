import type { RangeMs } from "../../base/interval.ts";
import type { DurationMeasure } from "../../model/experiment.ts";
import type { Sample } from "../../model/sample.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import type { Failover } from "./failover.ts";

/** A trial's prediction, as far as its explanation needs it. */
export interface Predicted {
  readonly recovery_ms: RangeMs;
  readonly phases_ms: Readonly<Partial<Record<DurationMeasure, RangeMs | null>>>;
  /** Whether the measured recovery overlaps it; null: it cannot be told. */
  readonly inside: boolean | null;
}

export interface Evidence {
  readonly trial: Pick<TrialResult, "durations_ms" | "samples">;
  readonly failover: Failover;
  readonly predicted: Predicted;
  readonly samples: readonly Sample[];
}

/** What may have moved a recovery out of its prediction, and by how much. */
export interface Cause {
  readonly words: string;
  readonly ms: number;
}
