import { OperatingError } from "../../../src/base/errors.ts";
import { AttemptFailure, Nonsense, PeerClosed } from "../../../src/probe/attempt-failure.ts";
import { failureOf } from "../../../src/probe/failure-of.ts";

/** Real time for an input that waits for nothing: only a hang takes so long, also on a busy machine. */
const HANG_MS = 10_000;
/** Errors go into journals and reports. */
const LONGEST_MESSAGE = 5000;

/** How it ended: a value or an error. Throws for a hang, and for an error whose message is endless. */
export async function outcomeOf(act: () => Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const hang = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`it hangs for ${HANG_MS} ms`)), HANG_MS);
  });
  const end = act().catch((error: unknown) => error);
  try {
    const outcome = await Promise.race([end, hang]);
    if (outcome instanceof Error && outcome.message.length > LONGEST_MESSAGE) {
      throw new Error(`a message of ${outcome.message.length} characters`);
    }
    return outcome;
  } finally {
    clearTimeout(timer);
  }
}

/** A value or an `OperatingError`; returns it. */
export async function valueOrOperatingError(act: () => Promise<unknown>): Promise<unknown> {
  const outcome = await outcomeOf(act);
  if (outcome instanceof Error && !(outcome instanceof OperatingError)) throw bug(outcome);
  return outcome;
}

/** A value or what the probe takes for a failure of the desktop; not one of its own. */
export async function valueOrFailure(act: () => Promise<unknown>): Promise<unknown> {
  const outcome = await outcomeOf(act);
  const isTyped =
    outcome instanceof AttemptFailure ||
    outcome instanceof Nonsense ||
    outcome instanceof PeerClosed;
  if (outcome instanceof Error && !isTyped && failureOf(outcome, "http") === null) {
    throw bug(outcome);
  }
  return outcome;
}

const bug = (cause: Error): Error =>
  new Error(`neither a value nor a typed failure: ${cause.name}: ${cause.message}`, { cause });
