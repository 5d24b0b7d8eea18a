import type { Endpoint } from "../../contracts/endpoint.ts";
import type { Trial } from "../trial.ts";

export interface HeldSession {
  /** Resolves when it is there, or will not be. */
  readonly told: Promise<void>;
  /** Resolves when it has ended and all that was told of it is in the journal; rejects for a bug. */
  readonly over: Promise<void>;
}

/**
 * Holds the session of somebody who does not reload until `signal` is aborted. It tells what such a user sees; without
 * one, or with a journal that has no room for it, the trial goes on.
 */
export function holdSession(
  { parts, notes }: Trial,
  endpoint: Endpoint,
  signal: AbortSignal,
): HeldSession {
  const { trial, arm, probe } = parts;
  notes.step("opening a session to hold");
  const grid = probe.effective(arm.probe, endpoint);
  let over: Promise<void> = Promise.resolve();
  const told = new Promise<void>((isTold) => {
    let written: Promise<unknown> = Promise.resolve();
    over = probe
      .hold(
        { trial: trial.id, endpoint, spec: arm.probe, grid },
        (fact) => {
          written = notes.tryNote(fact);
          isTold();
        },
        signal,
      )
      .finally(isTold)
      .then(async () => void (await written));
  });
  return { told, over };
}
