import { either, orAborted } from "../../base/abort.ts";
import { describeError } from "../../base/errors.ts";
import { spanInMs } from "../../base/interval.ts";
import type { Duration } from "../../base/time.ts";
import { formatDuration, seconds, times } from "../../base/time.ts";
import type { PictureEvent } from "../../model/journal.ts";
import type { Observed, Trial } from "../trial.ts";

/** All that one picture may take of a trial, its files included. Real time: a lab's clock makes no computer's work shorter. */
const LIMIT = seconds(3);

type When = PictureEvent["when"];

/**
 * Keeps what the desktop's screen shows, where the arm wants that. A picture that cannot be taken in time is a fact like
 * any other and ends nothing.
 */
export async function takePicture(trial: Trial, when: When, observed: Observed): Promise<void> {
  const { parts, notes } = trial;
  if (!parts.arm.pictures) return;
  notes.step("taking a picture of the desktop");
  await notes.note(await pictureOrWhyNot(trial, when, observed));
}

/** Where there is nothing to be seen, nobody looks. */
export async function noPicture({ parts, notes }: Trial, when: When, why: string): Promise<void> {
  if (parts.arm.pictures) await notes.note({ kind: "no-picture", when, detail: why });
}

async function pictureOrWhyNot(
  trial: Trial,
  when: When,
  observed: Observed,
): Promise<PictureEvent> {
  const { clock } = trial.parts;
  const limit = times(LIMIT, clock.speed);
  const late = clock.timeout(limit);
  const ends = either(observed.signal, late);
  try {
    return await orAborted(picture(trial, when, { observed, limit, ends }), ends);
  } catch (error) {
    observed.signal.throwIfAborted();
    const detail = late.aborted
      ? `it took longer than ${formatDuration(limit)}`
      : describeError(error);
    return { kind: "no-picture", when, detail };
  }
}

async function picture(
  { parts }: Trial,
  when: When,
  {
    observed,
    limit,
    ends,
  }: { readonly observed: Observed; readonly limit: Duration; readonly ends: AbortSignal },
): Promise<PictureEvent> {
  const { trial, arm, probe, views, pictures } = parts;
  const endpoint = observed.wayIn();
  const grid = probe.effective(arm.probe, endpoint);
  const look = { trial: trial.id, endpoint, spec: arm.probe, grid, limit };
  const taken = await views.picture(look, ends);
  const { width, height, instance } = taken;
  const files = await pictures.keep({ trial: trial.id, when }, taken);
  return {
    kind: "picture",
    when,
    ...files,
    width,
    height,
    taken_ms: spanInMs(taken.taken),
    instance,
  };
}
