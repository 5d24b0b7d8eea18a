import type { RangeMs } from "../../base/interval.ts";
import { ascending, quantile } from "../quantile.ts";

/** How long a failover will take, by the twin. Times are milliseconds since the node lost power. */
export interface Prediction {
  /** To the control plane saying that the node is lost. */
  readonly detection_ms: RangeMs;
  /** To the desktop answering again. */
  readonly recovery_ms: RangeMs;
  readonly recovery_median_ms: number;
  /** What was played to find it. */
  readonly failovers: number;
}

/** One failover as the twin played it. */
export interface Played {
  readonly detection_ms: number;
  readonly recovery_ms: number;
}

/** The whole spread of what was played. */
export function spreadOf(played: readonly Played[]): Prediction {
  const recoveries = ascending(played.map(({ recovery_ms }) => recovery_ms));
  const detections = ascending(played.map(({ detection_ms }) => detection_ms));
  return {
    detection_ms: [quantile(detections, 0), quantile(detections, 1)],
    recovery_ms: [quantile(recoveries, 0), quantile(recoveries, 1)],
    recovery_median_ms: quantile(recoveries, 0.5),
    failovers: played.length,
  };
}
