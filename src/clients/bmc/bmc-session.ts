import type { Clock } from "../../contracts/clock.ts";
import type { Secrets } from "../../contracts/secrets.ts";

export type PowerState = "on" | "off";
/** `soft` asks the operating system to end in good order, as the power button does; the others ask nobody. */
export type PowerAction = "off" | "on" | "cycle" | "reset" | "soft";

/**
 * An authenticated session with one BMC, at operator privilege: the least that chassis control needs.
 * One call at a time. Every method rejects with an `OperatingError`, or with the reason of the signal it was opened with.
 */
export interface BmcSession {
  power(): Promise<PowerState>;
  /**
   * Rejects where `action` would be refused, as far as that can be known without asking for it: with `rejected` where the
   * BMC does not offer it, with `denied` where this account has not the right.
   */
  demand(action: PowerAction): Promise<void>;
  /** Resolves when the BMC has accepted the request; the chassis may act seconds later. */
  control(action: PowerAction): Promise<void>;
  /**
   * The system's UUID, in lower case, in every byte order that BMCs in the field use for it (the first is that of the
   * protocol's specification). One of them is the node's own `product_uuid` when BMC and node belong together. Empty
   * where the BMC tells none.
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
