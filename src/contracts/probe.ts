import type { Duration, Instant } from "../base/time.ts";
import type { ProbeSpec } from "../model/experiment.ts";
import type { Sample } from "../model/sample.ts";
import type { Endpoint } from "./endpoint.ts";

/** Open loop: attempts start on a fixed grid whatever earlier attempts do. */
export interface Probe {
  /** What this clock makes of the asked-for grid and deadlines: journalled, and part of every interval. */
  effective(spec: ProbeSpec, endpoint: Endpoint): EffectiveGrid;

  /**
   * Watches until `signal` is aborted, then waits for the attempts in flight (each has its deadline) and resolves.
   * Samples arrive in order of `seq`.
   */
  watch(
    watch: {
      readonly trial: string;
      readonly target: Sample["target"];
      readonly endpoint: () => Endpoint;
      readonly spec: ProbeSpec;
      /** First grid point: random per trial. */
      readonly start: Instant;
      readonly grid: EffectiveGrid;
    },
    onSample: (sample: Sample) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface EffectiveGrid {
  readonly period: Duration;
  readonly connectTimeout: Duration;
  readonly attemptTimeout: Duration;
}
