import type { Duration, Instant } from "../base/time.ts";
import type { ProbeSpec } from "../model/experiment.ts";
import type { SessionFact } from "../model/held-session.ts";
import type { Sample } from "../model/sample.ts";
import type { Endpoint } from "./endpoint.ts";

/** Two users of one desktop: one who reloads on a fixed grid, whatever earlier attempts do, and one who never does. */
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

  /**
   * Opens one session and holds it, as somebody does who never reloads, until it breaks or `signal` is aborted; view only.
   * Tells first whether it is held. Beside `watch` of the same trial, and with its manners.
   */
  hold(
    session: {
      readonly trial: string;
      readonly endpoint: Endpoint;
      readonly spec: ProbeSpec;
      readonly grid: EffectiveGrid;
    },
    tell: (fact: SessionFact) => void,
    signal: AbortSignal,
  ): Promise<void>;
}

export interface EffectiveGrid {
  readonly period: Duration;
  readonly connectTimeout: Duration;
  readonly attemptTimeout: Duration;
}
