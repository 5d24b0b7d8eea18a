import type { Clock } from "../../../contracts/clock.ts";
import type { KubernetesTwin } from "../../../twin/kubernetes/kubernetes-twin.ts";
import type { Resource } from "./resource.ts";

/** What all API servers of one cluster share. */
export interface ApiWorld {
  readonly twin: KubernetesTwin;
  readonly resources: readonly Resource[];
  readonly clock: Clock;
  /** Brings the twin to the present; called before every look and every act. */
  readonly catchUp: () => void;
  /** The cluster's wall time in seconds. */
  readonly wallSeconds: () => number;
}

export interface ApiRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly accept: string;
  readonly contentType: string;
  /** The bytes of the body as text; at most 1 MiB. */
  readonly body: string;
}

export type ApiReply =
  | { readonly kind: "json"; readonly code: number; readonly body: unknown }
  | { readonly kind: "text"; readonly code: number; readonly type: string; readonly body: string }
  | { readonly kind: "watch"; readonly start: StartWatch };

/** Starts to write events, one JSON object a line; returns how to stop. `end` ends the answer. */
type StartWatch = (write: (event: unknown) => void, end: () => void) => () => void;

export const json = (body: unknown, code = 200): ApiReply => ({ kind: "json", code, body });
