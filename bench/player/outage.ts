/** How an outage shows to who calls the desktop. */
export const outageKinds = [
  "refused",
  "silent",
  "reset",
  "half-open",
  "http-error",
  "vnc-down",
  "frozen",
  "flapping",
  "slow",
] as const;

export type OutageKind = (typeof outageKinds)[number];

/** What a played desktop does while it is down. */
export type Manner =
  /** The service has ended: its port refuses, its connections are reset. */
  | { readonly kind: "refused" }
  /** Power cut: not even a SYN is answered, and what was connected hears nothing more. */
  | { readonly kind: "silent" }
  /** Whoever connects is reset. */
  | { readonly kind: "reset" }
  /** The kernel accepts, nobody answers; who connected while it was so never gets an answer. */
  | { readonly kind: "mute" }
  /** What is in front answers for it. */
  | { readonly kind: "http-error"; readonly status: 502 | 503 }
  /** 101, then close 1011, as websockify does. */
  | { readonly kind: "vnc-down" }
  /** All but the picture: handshakes go through. Where it thaws, who still waits gets his picture then. */
  | { readonly kind: "frozen"; readonly thaws: boolean };

/** One time of being down, and how long it is up before that. */
export interface Down {
  readonly as: Manner;
  readonly up_before_ms: number;
  readonly down_ms: number;
}

/**
 * A moment before the outage in which no picture comes: whoever asked for one then waits for it until his deadline, in
 * vain, while everybody else is served. Pages come all the time, so that pollers see nothing of it.
 */
interface Hiccup {
  readonly up_before_ms: number;
  readonly down_ms: number;
}

/** One outage of one desktop, from the first caller to the last. */
export interface PlannedOutage {
  readonly id: string;
  readonly kind: OutageKind;
  /** Of the grid on which it is watched. */
  readonly period_ms: number;
  readonly hiccup: Hiccup;
  /** More than one where it flaps. */
  readonly downs: readonly Down[];
  /** How late it answers while it is up, over all layers together. */
  readonly answer_ms: number;
  /** How long it is watched after the outage. */
  readonly watched_ms: number;
  /** How much longer it stays up, for the peers' longest timeout to run out. */
  readonly rest_ms: number;
}
