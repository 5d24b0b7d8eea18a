import { either } from "../../base/abort.ts";
import { milliseconds, minutes, seconds } from "../../base/time.ts";
import type { Whereabouts } from "../../model/cluster-facts.ts";
import type { DeployedDesktop, Observed, Trial } from "../trial.ts";
import { noPicture, takePicture } from "./take-picture.ts";

/** For how long the control plane is asked who answers, and how often. It may come back later than the desktop. */
const ASK_FOR = minutes(1);
const ASK_EVERY = seconds(2);

/** Waits until the desktop is lost and answers again at full depth, asks who answers on which node, and takes its picture. */
export async function answersAgain(
  trial: Trial,
  desktop: DeployedDesktop,
  observed: Observed,
): Promise<void> {
  const { parts, notes } = trial;
  const { clock, arm } = parts;
  notes.step("waiting for the outage to show");
  const notice = clock.timeout(parts.fault.strikesWithin);
  if (!(await within(observed.watch.lost(either(observed.signal, notice)), observed, notice))) {
    await notes.note({ kind: "never-lost" });
    await noPicture(trial, "after", "there was no outage");
    return;
  }
  notes.step("down; waiting until it answers again");
  const limit = clock.timeout(milliseconds(arm.limits.recovery_ms));
  const again = observed.watch.answeringAgain(either(observed.signal, limit));
  if (!(await within(again, observed, limit))) {
    await observed.endSamples();
    await notes.note({ kind: "still-down", limit_ms: arm.limits.recovery_ms });
    await noPicture(trial, "after", "it was still down");
    return;
  }
  await observed.endSamples();
  await notes.note({
    kind: "answering-again",
    whereabouts: await whoAnswers(parts, desktop, observed),
  });
  await takePicture(trial, "after", observed);
}

/** An API that cannot say it takes nothing from what the samples show. */
async function whoAnswers(
  { cluster: { driver }, clock }: Trial["parts"],
  desktop: DeployedDesktop,
  observed: Observed,
): Promise<Whereabouts> {
  const signal = either(observed.signal, clock.timeout(ASK_FOR));
  while (!signal.aborted) {
    try {
      return await driver.whereabouts(desktop.handle, signal);
    } catch {
      await clock.sleep(ASK_EVERY, signal).catch(() => undefined);
    }
  }
  observed.signal.throwIfAborted();
  return { node: null, instance: null };
}

/** False when `limit` came first; whatever else ends the wait is thrown. */
async function within(
  wait: Promise<void>,
  observed: Observed,
  limit: AbortSignal,
): Promise<boolean> {
  try {
    await wait;
    return true;
  } catch (error) {
    if (observed.signal.aborted || !limit.aborted) throw error;
    return false;
  }
}
