import type { Layer } from "./experiment.ts";

/** One attempt's record. Times are milliseconds since the run's clock origin. */
export interface Sample {
  /** Grid point, counted per trial and target. */
  readonly seq: number;
  readonly trial: string;
  /** The desktop, or something off the victim that tells a deaf prober from a dead desktop. */
  readonly target: "desktop" | "control";
  readonly scheduled_ms: number;
  readonly started_ms: number;
  readonly ended_ms: number;
  readonly result: SampleResult;
}

export type SampleResult =
  | {
      readonly kind: "good";
      /** Who answered (the RFB desktop name), where the depth tells. */
      readonly instance: string | null;
    }
  | {
      readonly kind: "bad";
      /** The deepest layer that succeeded; null when not even TCP did. */
      readonly reached: Layer | null;
      readonly failure: Failure;
    }
  /** The prober's own fault: neither good nor bad. */
  | {
      readonly kind: "unobserved";
      readonly why: "late" | "skipped" | "self-inflicted" | "control-failed" | "prober-error";
      readonly detail: string;
    };

export type Failure =
  | { readonly kind: "refused" }
  | { readonly kind: "unreachable"; readonly code: string }
  | { readonly kind: "timed-out"; readonly during: Layer }
  | { readonly kind: "reset"; readonly during: Layer }
  | { readonly kind: "closed"; readonly during: Layer }
  | { readonly kind: "tls"; readonly detail: string }
  | { readonly kind: "http-status"; readonly status: number }
  | { readonly kind: "websocket-close"; readonly code: number; readonly reason: string }
  | { readonly kind: "rfb"; readonly detail: string }
  | { readonly kind: "uniform-frame" }
  /** The way to the endpoint failed before TCP: a console ticket refused, no address. */
  | { readonly kind: "no-way-in"; readonly detail: string }
  | { readonly kind: "protocol"; readonly during: Layer; readonly detail: string };
