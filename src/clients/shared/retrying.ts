import pRetry from "p-retry";
import { AssertionError } from "../../base/assert.ts";
import { describeError, OperatingError } from "../../base/errors.ts";
import type { Duration } from "../../base/time.ts";
import { formatDuration, longer } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import { isHopeless, isRefusal } from "./hopeless.ts";

/** The signal is the limit that counts; this one is for callers that have none. */
const MAXIMUM_RETRIES = 1000;

export interface Retrying {
  /** `remove the desktop`. */
  readonly what: string;
  /** What is left to do when time runs out: `Remove it by hand`. */
  readonly otherwise: string;
  readonly pause: Duration;
  /** How a try that was refused is followed by another; null: it is not, as it is for a person to put that right. */
  readonly refused: AfterRefusal | null;
  readonly clock: Clock;
}

export interface AfterRefusal {
  /** Long enough for no account to be locked. */
  readonly pause: Duration;
  readonly tell: (line: string) => void;
}

/**
 * Does what may safely be done twice until it succeeds, or until `signal` ends: time running out becomes `not-reached`
 * with the last failure. What trying again cannot help rejects at once; whether a refusal is such a thing, the caller says.
 */
export async function retrying<T>(
  { what, otherwise, pause, refused, clock }: Retrying,
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
        const again = isRefusal(error) ? refused : null;
        if (again === null && isHopeless(error)) throw error;
        if (error instanceof AssertionError) throw error;
        again?.tell(
          `${what} was refused; tried again in ${formatDuration(again.pause)}: ${describeError(error)}`,
        );
        await clock.sleep(longer(again?.pause ?? pause, clock.floor.period), signal);
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
