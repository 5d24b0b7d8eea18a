import { describeError, OperatingError } from "../base/errors.ts";
import type { ErrorCode } from "../base/errors.ts";
import type { Duration } from "../base/time.ts";
import { longer, seconds, times } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";

/**
 * A clock that runs fast divides waits, not the computer's work, so that each exchange is given ten of its floors; and a
 * cluster may have two dead hosts, which are tried first. At speed 1 they are nothing.
 */
const FLOORS = 40;

/** A limit for something asked of a cluster's API while nobody knows which of its hosts are dead. */
export const limitFor = (clock: Clock, patience: Duration): AbortSignal =>
  clock.timeout(longer(patience, times(clock.floor.deadline, FLOORS)));

const PAUSE = seconds(2);
/** What another try may mend. */
const PASSING: readonly ErrorCode[] = ["unreachable", "timed-out", "rejected"];

/** Does what may be done twice until the other side takes it, or `signal` ends: then it rejects with the last failure. */
export async function patiently<T>(
  act: () => Promise<T>,
  { clock, waiting }: { readonly clock: Clock; readonly waiting: (why: string) => void },
  signal: AbortSignal,
): Promise<T> {
  for (;;) {
    try {
      return await act();
    } catch (error) {
      const passing = error instanceof OperatingError && PASSING.includes(error.code);
      if (signal.aborted || !passing) throw error;
      waiting(describeError(error));
      await clock.sleep(PAUSE, signal).catch(() => {
        throw error;
      });
    }
  }
}
