import type { Duration } from "../base/time.ts";
import { seconds } from "../base/time.ts";
import { retrying } from "../clients/shared/retrying.ts";
import type { FaultTools } from "./reach.ts";

/**
 * After a refusal. A node that is off must not stay so because its BMC has just reloaded its users, or since one datagram
 * was not the BMC's; but BMCs and PAM lock accounts after some failures within minutes.
 */
const PAUSE_AFTER_REFUSAL = seconds(30);

interface Cure {
  /** `bring pve2 back`. */
  readonly what: string;
  /** What is left to do when time runs out: `Switch it on by hand`. */
  readonly otherwise: string;
  readonly pause: Duration;
}

/**
 * Tries a cure until it takes or the signal ends, however it fails, but for what no other try can change: wrong files, a
 * machine of ours that cannot do it, a guard that says no.
 */
export async function healing<T>(
  cure: Cure,
  { clock, signal, tell }: Pick<FaultTools, "clock" | "signal" | "tell">,
  act: () => Promise<T>,
): Promise<T> {
  const refused = { pause: PAUSE_AFTER_REFUSAL, tell };
  return await retrying({ ...cure, refused, clock }, signal, act);
}
