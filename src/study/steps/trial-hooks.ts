import { TrialEnds } from "../trial-ends.ts";
import type { TrialEnding } from "../trial-ends.ts";
import type { Trial } from "../trial.ts";

/** Before anything of the trial is touched. */
export async function hookBeforeTrial({ parts }: Trial, stop: AbortSignal): Promise<void> {
  if (!parts.hooks.has("before_trial")) return;
  const about = { trial: parts.trial, facts: factsOf(parts) };
  const failure = await parts.hooks.before("before_trial", about, stop);
  stop.throwIfAborted();
  if (failure !== null) throw new TrialEnds("void", failure);
}

/** When everything has been taken back and the trial's end is on record, whatever it was. */
export async function hookAfterTrial(
  { parts }: Trial,
  victim: string | null,
  ending: TrialEnding,
): Promise<void> {
  const facts = {
    ...factsOf(parts),
    ...(victim === null ? {} : { VICTIM: victim }),
    END: ending.end,
    RESTORED: ending.restored ? "yes" : "no",
    DETAIL: ending.detail,
  };
  await parts.hooks.after("after_trial", { trial: parts.trial, facts });
}

const factsOf = ({ trial, arm, cluster, fault }: Trial["parts"]) => ({
  TRIAL: trial.id,
  ARM: arm.name,
  CLUSTER: cluster.driver.name,
  FAULT: fault.title,
});
