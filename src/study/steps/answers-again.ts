import { either } from "../../base/abort.ts";
import { milliseconds } from "../../base/time.ts";
import type { ClusterDriver } from "../../contracts/cluster-driver.ts";
import type { Whereabouts } from "../../model/cluster-facts.ts";
import type { DeployedDesktop, Observed, Trial } from "../trial.ts";

/** Waits until the desktop is lost and answers again at full depth, and asks who answers on which node. */
export async function answersAgain(
  { parts, notes }: Trial,
  desktop: DeployedDesktop,
  observed: Observed,
): Promise<void> {
  const { clock, arm } = parts;
  notes.step("waiting for the outage to show");
  const notice = clock.timeout(milliseconds(arm.limits.confirm_ms));
  if (!(await within(observed.watch.lost(either(observed.signal, notice)), observed, notice))) {
    await notes.note({ kind: "never-lost" });
    return;
  }
  notes.step("down; waiting until it answers again");
  const limit = clock.timeout(milliseconds(arm.limits.recovery_ms));
  const again = observed.watch.answeringAgain(either(observed.signal, limit));
  if (!(await within(again, observed, limit))) {
    await observed.endSamples();
    await notes.note({ kind: "still-down", limit_ms: arm.limits.recovery_ms });
    return;
  }
  await observed.endSamples();
  await notes.note({
    kind: "answering-again",
    whereabouts: await whoAnswers(parts.cluster.driver, desktop, observed),
  });
}

/** An API that cannot say it now takes nothing from what the samples show. */
async function whoAnswers(
  driver: ClusterDriver,
  desktop: DeployedDesktop,
  observed: Observed,
): Promise<Whereabouts> {
  try {
    return await driver.whereabouts(desktop.handle, observed.signal);
  } catch {
    observed.signal.throwIfAborted();
    return { node: null, instance: null };
  }
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
