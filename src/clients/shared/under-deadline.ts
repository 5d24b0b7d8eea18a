import { reasonOf } from "../../base/abort.ts";
import { forManyWaits } from "./many-waits.ts";

/**
 * Runs with a signal that ends when either does, and lets go of both afterwards: a study polls a hundred thousand times
 * under one signal, so that nothing may stay attached to it.
 */
export async function underDeadline<T>(
  signal: AbortSignal,
  deadline: AbortSignal,
  run: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  const either = new AbortController();
  const onAbort = (): void => either.abort(reasonOf(signal));
  const onDeadline = (): void => either.abort(reasonOf(deadline));
  forManyWaits(signal).addEventListener("abort", onAbort, { once: true });
  deadline.addEventListener("abort", onDeadline, { once: true });
  try {
    return await run(either.signal);
  } finally {
    signal.removeEventListener("abort", onAbort);
    deadline.removeEventListener("abort", onDeadline);
  }
}
