import { milliseconds, nanoseconds, seconds, sum, zero } from "../../base/time.ts";
import type { Duration } from "../../base/time.ts";
import type { ClusterTimers } from "../../model/cluster-facts.ts";
import { renewalPeriodMs } from "../../model/cycles.ts";
import { ageOfTrial, anyWait, untilAge } from "../moment.ts";
import type { DeployedDesktop, Observed, Trial } from "../trial.ts";

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
  const wait = waitFor(trial, timers) ?? anyWait(parts.random.fork("moment"));
  const period = milliseconds(renewalPeriodMs[arm.when.of]);
  const until = wait >= AHEAD ? wait : sum(wait, period);
  await clock.sleep(nanoseconds(until - AHEAD), observed.signal);
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

/** Null: there is no age to wait for. */
function waitFor({ parts }: Trial, timers: ClusterTimers): Duration | null {
  const { arm, trial, clock } = parts;
  if (arm.when.kind === "random") return null;
  const place = { repetition: trial.repetition, trials: arm.trials };
  const age_ms = ageOfTrial(arm.when, place, parts.random.fork("moment"));
  return untilAge(arm.when, age_ms, { timers, now: clock.now() });
}
