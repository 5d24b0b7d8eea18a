import type { Clock } from "../../contracts/clock.ts";
import type { Secrets } from "../../contracts/secrets.ts";

export type PowerState = "on" | "off";
export type PowerAction = "off" | "on" | "cycle" | "reset";

/**
 * An authenticated session with one BMC, at operator privilege: the least that chassis control needs.
 * One call at a time. Every method rejects with an `OperatingError`, or with the reason of the signal it was opened with.
 */
export interface BmcSession {
  power(): Promise<PowerState>;
  /** Resolves when the BMC has accepted the request; the chassis may act seconds later. */
  control(action: PowerAction): Promise<void>;
  /**
   * The system's UUID, in lower case, in every byte order that BMCs in the field use for it (the first is that of the
   * IPMI specification). One of them is the node's own `product_uuid` when BMC and node belong together.
   */
  systemUuids(): Promise<readonly string[]>;
  /** Never rejects. */
  close(): Promise<void>;
}

export interface BmcTools {
  readonly clock: Clock;
  readonly secrets: Secrets;
  /** Ends the session and all that waits in it. */
  readonly signal: AbortSignal;
}
