import pRetry from "p-retry";
import { AssertionError } from "../../base/assert.ts";
import { describeError, OperatingError } from "../../base/errors.ts";
import type { Duration } from "../../base/time.ts";
import { longer } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import { isHopeless } from "./hopeless.ts";

/** The signal is the limit that counts; this one is for callers that have none. */
const MAXIMUM_RETRIES = 1000;

export interface Retrying {
  /** `remove the desktop`. */
  readonly what: string;
  /** What is left to do when time runs out: `Remove it by hand`. */
  readonly otherwise: string;
  readonly pause: Duration;
  readonly clock: Clock;
}

/**
 * Does what may safely be done twice until it succeeds, or until `signal` ends: time running out becomes `not-reached`
 * with the last failure. What trying again cannot help rejects at once.
 */
export async function retrying<T>(
  { what, otherwise, pause, clock }: Retrying,
  signal: AbortSignal,
  act: () => Promise<T>,
): Promise<T> {
  const seen: { last: unknown } = { last: null };
  try {
    return await pRetry(act, {
      signal,
      retries: MAXIMUM_RETRIES,
      // The library's own waits know only real time.
      minTimeout: 0,
      onFailedAttempt: async ({ error }) => {
        if (error !== signal.reason) seen.last = error;
        signal.throwIfAborted();
        if (isHopeless(error) || error instanceof AssertionError) throw error;
        await clock.sleep(longer(pause, clock.floor.period), signal);
      },
    });
  } catch (error) {
    const reason: unknown = signal.reason;
    if (!signal.aborted || !(reason instanceof OperatingError) || reason.code !== "timed-out") {
      throw error;
    }
    const why = describeError(seen.last ?? error);
    throw new OperatingError(
      "not-reached",
      `Cannot ${what} as time has run out: the last try ended with "${why}". ${otherwise}`,
      { cause: reason },
    );
  }
}
