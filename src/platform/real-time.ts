import { reasonOf } from "../base/abort.ts";

/** A timer of Node holds at most this many milliseconds; a longer wait is cut to it (24.8 days). */
const LONGEST_TIMER_MS = 2 ** 31 - 1;

/** Resolves after `ms` real milliseconds; rejects with the signal's reason as soon as it is aborted. */
export async function sleepReal(ms: number, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => {
      clearTimeout(timer);
      reject(reasonOf(signal));
    };
    const timer = setTimeout(
      () => {
        signal.removeEventListener("abort", onAbort);
        resolve();
      },
      Math.min(Math.max(ms, 0), LONGEST_TIMER_MS),
    );
    signal.addEventListener("abort", onAbort, { once: true });
  });
}

/** A signal that aborts after `ms` real milliseconds with what `reason` makes; it does not keep the process alive. */
export function timeoutReal(ms: number, reason: () => Error): AbortSignal {
  const controller = new AbortController();
  if (Number.isFinite(ms)) {
    setTimeout(
      () => {
        controller.abort(reason());
      },
      Math.min(Math.max(ms, 0), LONGEST_TIMER_MS),
    ).unref();
  }
  return controller.signal;
}
