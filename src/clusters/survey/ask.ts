import { either, orAborted } from "../../base/abort.ts";
import { AssertionError } from "../../base/assert.ts";
import { describeError, OperatingError } from "../../base/errors.ts";
import { seconds } from "../../base/time.ts";
import type { Patience } from "../../clients/shared/patience.ts";
import { deadlineOf } from "../../clients/shared/patience.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { Finding } from "../../model/survey.ts";
import { note, problem } from "../../model/survey.ts";

/** What came of a question. */
export type Told<T> =
  { readonly told: true; readonly value: T } | { readonly told: false; readonly error: unknown };

/**
 * How long parts of a survey may take. They follow each other at most as `host` then `question`, beside `node`, so that
 * the whole stays under ten seconds whoever is silent. A refused PVE token is answered after 3 s (facts 2.1), a slow
 * BMC's session takes some seconds.
 */
export const surveyPatience = {
  host: { least: seconds(4), floors: 10 },
  question: { least: seconds(3.5), floors: 14 },
  node: { least: seconds(6), floors: 24 },
} as const satisfies Readonly<Record<string, Patience>>;

/** Asks, and takes silence for an answer after a while: nothing that the other side does makes this reject or wait. */
export async function ask<T>(
  clock: Clock,
  patience: Patience,
  question: (signal: AbortSignal) => Promise<T>,
): Promise<Told<T>> {
  const deadline = deadlineOf(patience, clock);
  try {
    return { told: true, value: await orAborted(question(deadline), deadline) };
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    return { told: false, error };
  }
}

/** The answer to one of the survey's questions, or null where there was none. Rejects as soon as `signal` is aborted. */
export async function answerOrNull<T>(
  clock: Clock,
  signal: AbortSignal,
  question: (signal: AbortSignal) => Promise<T>,
): Promise<T | null> {
  const told = await ask(
    clock,
    surveyPatience.question,
    async (deadline) => await question(either(signal, deadline)),
  );
  signal.throwIfAborted();
  return told.told ? told.value : null;
}

/** The findings of an answer; where there is none, or it makes no sense, that it cannot be known. */
export function findingsOf<T>(
  about: Pick<Finding, "topic" | "subject">,
  told: Told<T>,
  judge: (value: T) => readonly Finding[],
): readonly Finding[] {
  if (!told.told) return [unknown(about, told.error)];
  try {
    return judge(told.value);
  } catch (error) {
    if (error instanceof OperatingError) return [unknown(about, error)];
    throw error;
  }
}

const unknown = (about: Pick<Finding, "topic" | "subject">, error: unknown): Finding =>
  note(about, `cannot be known: ${describeError(error)}`);

/** Of what a run cannot do without: not knowing it is a problem. */
export const necessary = (
  about: Pick<Finding, "topic" | "subject">,
  told: Told<unknown>,
): readonly Finding[] =>
  told.told ? [] : [problem(about, `cannot be known: ${describeError(told.error)}`)];
