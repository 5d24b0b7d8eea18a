import type { Clock } from "../../src/contracts/clock.ts";
import { milliseconds } from "../../src/base/time.ts";
import { machineNs } from "../player/truth.ts";
import type { Poll, PollMethod } from "./methods.ts";
import { isGood } from "./poll.ts";

/** Polls one page until `stop`; the poll under way then is not counted. Begins after `delay_ms`. */
export async function pollPage(
  url: string,
  { method, delay_ms }: { readonly method: PollMethod; readonly delay_ms: number },
  { clock, stop }: { readonly clock: Clock; readonly stop: AbortSignal },
): Promise<readonly Poll[]> {
  const polls: Poll[] = [];
  try {
    await clock.sleep(milliseconds(delay_ms), stop);
    for (;;) {
      const began_ns = machineNs();
      const good = await isGood(url, method.timeout_ms, stop);
      if (stop.aborted) return polls;
      polls.push({ began_ns, ended_ns: machineNs(), good });
      await clock.sleep(milliseconds(method.pause_ms), stop);
    }
  } catch (error) {
    if (stop.aborted) return polls;
    throw error;
  }
}
