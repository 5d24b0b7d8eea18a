import type { Span } from "../base/interval.ts";
import type { FaultSpec } from "../model/experiment.ts";
import type { Refusal } from "../model/journal.ts";

/** A way to take one node away, packaged with its proof and its cure. Bound to a cluster; the node comes with each call. */
export interface Fault {
  readonly spec: FaultSpec;
  /** `IPMI power off`. */
  readonly title: string;

  /**
   * Before the kill: is the way in there, is the node on, and could it be brought back without what the fault takes away?
   * Touches nothing. Empty: yes.
   */
  check(victim: string, signal: AbortSignal): Promise<readonly Refusal[]>;

  /** Does it. Resolves when the request was accepted; losing the connection by the fault itself is success. */
  inject(victim: string, signal: AbortSignal): Promise<void>;

  /**
   * Waits for proof that the victim is really gone. `requested` is when `inject` was called: the last proof of life unless
   * a later one is seen. Rejects when the signal ends first.
   */
  confirm(victim: string, requested: Span, signal: AbortSignal): Promise<FaultProof>;

  /** Brings the node back and waits until it has booted, as far as SSH tells (not until it is a member again). Idempotent. */
  heal(victim: string, signal: AbortSignal): Promise<void>;

  close(): Promise<void>;
}

export interface FaultProof {
  /** From the last proof of life to the first proof of death. */
  readonly gone: Span;
  readonly evidence: string;
}
