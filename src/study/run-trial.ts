import { either } from "../base/abort.ts";
import { CleanupStack } from "../base/cleanup.ts";
import { hookAfterTrial, hookBeforeTrial } from "./steps/trial-hooks.ts";
import { answersAgain } from "./steps/answers-again.ts";
import { awaitMoment, chooseMoment, lastLook } from "./steps/choose-moment.ts";
import { clusterReady } from "./steps/cluster-ready.ts";
import { deployDesktop } from "./steps/deploy-desktop.ts";
import { findVictim } from "./steps/find-victim.ts";
import { injectFault } from "./steps/inject-fault.ts";
import { readClocks } from "./steps/read-clocks.ts";
import { recordPrediction } from "./steps/record-prediction.ts";
import { registerCure } from "./steps/register-cure.ts";
import { startObserving } from "./steps/start-observing.ts";
import { steadyState } from "./steps/steady-state.ts";
import { takePicture } from "./steps/take-picture.ts";
import { takeBack } from "./steps/take-back.ts";
import { trialStarted } from "./steps/trial-started.ts";
import { endingOf } from "./trial-ending.ts";
import { Notebook } from "./notebook.ts";
import type { TrialEnding } from "./trial-ends.ts";
import type { TrialParts } from "./trial-parts.ts";

/**
 * One trial: healthy cluster -> fault -> recovery -> healed cluster. It records facts and judges nothing. Every step
 * registers how it is taken back before it acts; whatever happens on the way, `takeBack` unwinds it all, with a
 * budget of its own that `stop` does not cut.
 */
export async function runTrial(parts: TrialParts, stop: AbortSignal): Promise<TrialEnding> {
  const notes = new Notebook(parts);
  const cut = either(stop, parts.lock.lost);
  const trial = { parts, notes, cleanup: new CleanupStack() };
  let story: unknown = null;
  let victim: string | null = null;
  try {
    await trialStarted(trial);
    await hookBeforeTrial(trial, cut);
    await clusterReady(trial, cut);
    const desktop = await deployDesktop(trial, cut);
    const observed = await startObserving(trial, desktop, cut);
    await steadyState(trial, observed);
    await takePicture(trial, "before", observed);
    victim = await findVictim(trial, desktop, observed);
    await observed.holdSession();
    await readClocks(trial, observed, stop);
    await chooseMoment(trial, desktop, victim, observed);
    const timers = await lastLook(trial, desktop, victim, observed);
    await registerCure(trial, victim);
    await awaitMoment(trial, timers, observed);
    const killed_ms = await injectFault(trial, desktop, victim, observed);
    await recordPrediction(trial, { victim, timers, killed_ms }, observed);
    await answersAgain(trial, desktop, observed);
  } catch (error) {
    story = error;
  }
  const failures = await takeBack(trial);
  const ending = await endingOf(story, failures, { notes, stop });
  await hookAfterTrial(trial, victim, ending);
  return ending;
}
