import {
  formatDuration,
  longer,
  milliseconds,
  nanoseconds,
  seconds,
  sum,
  times,
  zero,
} from "../../base/time.ts";
import type { Duration } from "../../base/time.ts";
import type { ClusterTimers } from "../../model/cluster-facts.ts";
import { renewalPeriodMs } from "../../model/cycles.ts";
import { ageOfTrial, anyWait, untilAge } from "../moment.ts";
import { TrialEnds } from "../trial-ends.ts";
import type { DeployedDesktop, Observed, Trial } from "../trial.ts";
import { checkGuards } from "./check-guards.ts";
import { recordTimers } from "./record-timers.ts";

/** What comes between the choice and the kill: guards, timers, the cure on disk. */
const AHEAD = seconds(3);

/** Waits for the moment of the kill, or until just before it where it is an age of the victim's lock or lease. */
export async function chooseMoment(
  trial: Trial,
  desktop: DeployedDesktop,
  victim: string,
  observed: Observed,
): Promise<void> {
  const { parts, notes } = trial;
  const { arm, clock, cluster } = parts;
  if (arm.when.kind === "random") {
    notes.step("waiting for a random moment");
    await clock.sleep(anyWait(parts.random.fork("moment")), observed.signal);
    return;
  }
  notes.step(`waiting for the ${arm.when.of.replace("-", " ")} of this trial`);
  const timers = await cluster.driver.timers(desktop.handle, victim, observed.signal);
  const period = milliseconds(renewalPeriodMs(timers));
  const age = milliseconds(ageWanted(trial) ?? 0);
  if (age > period) {
    throw new TrialEnds(
      "void",
      `a ${arm.when.of.replace("-", " ")} of ${formatDuration(age)} never comes, as there is a renewal every ${formatDuration(period)}`,
    );
  }
  const wait = waitFor(trial, timers) ?? anyWait(parts.random.fork("moment"));
  const until = wait >= AHEAD ? wait : sum(wait, period);
  await clock.sleep(nanoseconds(until - AHEAD), observed.signal);
}

/**
 * The guard rails and the timers, not long before the kill: where they took so long that the moment has passed, they are asked
 * again before its next one, as much earlier.
 */
export async function lastLook(
  trial: Trial,
  desktop: DeployedDesktop,
  victim: string,
  observed: Observed,
): Promise<ClusterTimers> {
  let ahead = AHEAD;
  for (;;) {
    await checkGuards(trial, desktop, victim, observed);
    const timers = await recordTimers(trial, desktop, victim, observed);
    const wait = waitFor(trial, timers);
    if (wait === null || wait <= ahead) return timers;
    ahead = times(ahead, 2);
    await trial.parts.clock.sleep(longer(zero, nanoseconds(wait - ahead)), observed.signal);
  }
}

/** The rest of the wait, from the timers that were read last. Where their age is not known the moment is any. */
export async function awaitMoment(
  trial: Trial,
  timers: ClusterTimers,
  observed: Observed,
): Promise<void> {
  const wait = waitFor(trial, timers);
  if (wait !== null && wait > zero) await trial.parts.clock.sleep(wait, observed.signal);
}

/** Null: the moment is no age, or it is not known. */
function waitFor(trial: Trial, timers: ClusterTimers): Duration | null {
  const age_ms = ageWanted(trial);
  return age_ms === null ? null : untilAge(age_ms, { timers, now: trial.parts.clock.now() });
}

/** Of the victim's lock or lease at the kill, in milliseconds; null: any. */
function ageWanted({ parts: { arm, trial, random } }: Trial): number | null {
  if (arm.when.kind === "random") return null;
  const place = { repetition: trial.repetition, trials: arm.trials };
  return ageOfTrial(arm.when, place, random.fork("moment"));
}
