import type { Progress } from "../../contracts/progress.ts";

const ignored = (): void => undefined;

/** Hears nothing: for whoever wants to be told of a few things only. */
export const deaf: Progress = {
  runStarted: ignored,
  trialStarted: ignored,
  step: ignored,
  record: ignored,
  sample: ignored,
  trialEnded: ignored,
  desktop: ignored,
  runEnded: ignored,
};
