import { OperatingError } from "../../base/errors.ts";
import type { Duration } from "../../base/time.ts";
import type { Clock } from "../../contracts/clock.ts";
import { underDeadline } from "./under-deadline.ts";

export interface Hedge<Host> {
  /** Best first; one may stand there twice, as a fresh try may get through where the first one hangs. */
  readonly candidates: readonly Host[];
  /** Who is silent for so long is joined by the next, and may still answer first. */
  readonly silence: Duration;
  readonly clock: Clock;
  /** An error that no other host would mend. */
  readonly isFinal: (error: unknown) => boolean;
  /** This one was silent, and another one is asked now. */
  readonly onSilent: (host: Host) => void;
}

type Outcome<T> =
  | { readonly kind: "answer"; readonly value: T }
  | { readonly kind: "failure"; readonly error: Error };

/**
 * Asks the best host, and the next one as soon as one fails or is silent; the first answer counts, and who is slower is
 * given up. So nobody waits for a dead host, and a slow one loses nothing but the race. For reads only. Rejects with a
 * final error at once, else with the first failure when all have failed.
 */
export async function hedged<Host, T>(
  hedge: Hedge<Host>,
  signal: AbortSignal,
  ask: (host: Host, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const over = new AbortController();
  const running = new Set<Promise<Outcome<T>>>();
  const failures: Error[] = [];
  const start = (host: Host): void => {
    const asked: Promise<Outcome<T>> = underDeadline(
      signal,
      over.signal,
      async (either) => await ask(host, either),
    )
      .then(
        (value) => ({ kind: "answer", value }) as const,
        (error: unknown) => ({ kind: "failure", error: asError(error) }) as const,
      )
      .finally(() => running.delete(asked));
    running.add(asked);
  };
  try {
    for (const host of hedge.candidates) {
      start(host);
      const outcome = await firstOf(running, hedge, signal);
      if (outcome === "silence") hedge.onSilent(host);
      else if (takes(outcome, hedge, failures)) return outcome.value;
    }
    while (running.size > 0) {
      const outcome = await Promise.race(running);
      if (takes(outcome, hedge, failures)) return outcome.value;
    }
  } finally {
    over.abort(new OperatingError("timed-out", "another host was faster"));
  }
  signal.throwIfAborted();
  throw failures[0] ?? new OperatingError("unreachable", "there is no host to ask");
}

function takes<T>(
  outcome: Outcome<T>,
  { isFinal }: Pick<Hedge<never>, "isFinal">,
  failures: Error[],
): outcome is Extract<Outcome<T>, { kind: "answer" }> {
  if (outcome.kind === "answer") return true;
  if (isFinal(outcome.error)) throw outcome.error;
  failures.push(outcome.error);
  return false;
}

async function firstOf<T>(
  running: ReadonlySet<Promise<Outcome<T>>>,
  { silence, clock }: Pick<Hedge<never>, "silence" | "clock">,
  signal: AbortSignal,
): Promise<Outcome<T> | "silence"> {
  const settled = new AbortController();
  const silent = underDeadline(
    signal,
    settled.signal,
    async (either) => await clock.sleep(silence, either),
  ).then(
    () => "silence" as const,
    // Told to stop: whoever is asked fails with the same signal.
    async () => await Promise.race(running),
  );
  try {
    return await Promise.race([...running, silent]);
  } finally {
    settled.abort(new OperatingError("timed-out", "somebody answered"));
  }
}

const asError = (thrown: unknown): Error =>
  thrown instanceof Error ? thrown : new Error("asking failed", { cause: thrown });
