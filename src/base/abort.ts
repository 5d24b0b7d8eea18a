/** Helpers around `AbortSignal`. A rejected wait always rejects with the signal's own reason. */

/** A wait that ends when `signal` does: rejects with its reason, and removes its listener when `promise` settles first. */
export async function orAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  // Where the wait is over before it begins, nobody else hears of the promise's failure.
  if (signal.aborted) promise.catch(() => undefined);
  signal.throwIfAborted();
  return await new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(reasonOf(signal));
    const settle = async (): Promise<void> => {
      try {
        resolve(await promise);
      } catch (error) {
        reject(error);
      } finally {
        signal.removeEventListener("abort", onAbort);
      }
    };
    signal.addEventListener("abort", onAbort, { once: true });
    void settle();
  });
}

/** The reason of an aborted signal as an error. */
export function reasonOf(signal: AbortSignal): Error {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason : new Error("aborted", { cause: reason });
}

/** Aborted as soon as one of them is. */
export const either = (...signals: readonly AbortSignal[]): AbortSignal =>
  AbortSignal.any([...signals]);
