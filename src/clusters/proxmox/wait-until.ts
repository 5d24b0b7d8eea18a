import { OperatingError } from "../../base/errors.ts";
import { lookEvery } from "../../clients/proxmox/patience.ts";
import type { Clock } from "../../contracts/clock.ts";

/** What a look found: what was waited for, or what there is instead, in words. */
export type Found<T> =
  { readonly done: true; readonly value: T } | { readonly done: false; readonly saw: string };

export const found = <T>(value: T): Found<T> => ({ done: true, value });
export const stillWaiting = (saw: string): Found<never> => ({ done: false, saw });

/**
 * Looks once a second until it finds what it waits for. Time running out becomes `not-reached` with what was seen last;
 * any other end of the signal keeps its own reason. `waitingFor`: "VM 101 to run".
 */
export async function waitUntil<T>(
  waitingFor: string,
  clock: Clock,
  look: () => Promise<Found<T>>,
  signal: AbortSignal,
): Promise<T> {
  let saw = "nothing yet";
  try {
    for (;;) {
      signal.throwIfAborted();
      const result = await look();
      if (result.done) return result.value;
      saw = result.saw;
      await clock.sleep(lookEvery(clock), signal);
    }
  } catch (error) {
    const reason: unknown = signal.reason;
    if (!signal.aborted || !(reason instanceof OperatingError) || reason.code !== "timed-out") {
      throw error;
    }
    throw new OperatingError(
      "not-reached",
      `Cannot wait any longer for ${waitingFor} as time has run out: the last thing seen is ${saw}`,
      { cause: reason },
    );
  }
}
