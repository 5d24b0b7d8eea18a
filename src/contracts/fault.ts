import type { Span } from "../base/interval.ts";
import type { Duration } from "../base/time.ts";
import type { ClockStamp } from "../model/clock-offset.ts";
import type { DesktopHandle } from "../model/cluster-facts.ts";
import type { FaultSpec } from "../model/fault-spec.ts";
import type { Refusal } from "../model/journal.ts";

/** A way to take one node, or the desktop on it, away, packaged with its proof and its cure. Bound to a cluster; the node comes with each call. */
export interface Fault {
  readonly spec: FaultSpec;
  /** `IPMI power off`. */
  readonly title: string;
  /** How it is taken back, for people: `chassis power on over IPMI`. */
  readonly cure: string;
  /**
   * For how long after its proof the desktop may go on answering before the trial stops waiting for the outage: a machine
   * that is dead takes its desktop with it at once, a watchdog or a grace period strikes a minute later, a migration never.
   */
  readonly strikesWithin: Duration;

  /**
   * Before the kill: is the way in there, is the node as it has to be, and could it be brought back without what the fault
   * takes away? Touches nothing. Empty: yes.
   */
  check(victim: string, signal: AbortSignal): Promise<readonly Refusal[]>;

  /** Does it. Resolves when the request was accepted; losing the connection by the fault itself is success. */
  inject(strike: Strike, signal: AbortSignal): Promise<void>;

  /**
   * Waits for proof that the fault has taken effect: the victim is gone, the service is down, the pod is being deleted.
   * `requested` is when `inject` was called: the last proof of life unless a later one is seen. Rejects when the signal ends first.
   */
  confirm(strike: Strike, requested: Span, signal: AbortSignal): Promise<FaultProof>;

  /**
   * Brings the node back and waits until it has booted, as far as SSH tells (not until it is a member again). Idempotent, and
   * right also in a fresh process and for a fault that was never injected. `tell` hears why it takes longer.
   */
  heal(victim: string, signal: AbortSignal, tell?: Tell): Promise<void>;

  close(): Promise<void>;
}

/** One line for people about what is under way. */
export type Tell = (line: string) => void;

/** Whom a fault strikes. */
export interface Strike {
  readonly victim: string;
  /** On the victim; what is done through the cluster's API is done to it. */
  readonly desktop: DesktopHandle;
}

export interface FaultProof {
  /** From the last proof of life to the first proof of death, or of whatever the fault does. */
  readonly gone: Span;
  readonly evidence: string;
  /** What the victim's own clock showed before it was struck; not there: it was not asked. */
  readonly stamp?: ClockStamp;
}
