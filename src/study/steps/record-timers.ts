import type { ClusterTimers } from "../../model/cluster-facts.ts";
import type { DeployedDesktop, Observed, Trial } from "../trial.ts";

/** The cluster's own timers just before the kill: inputs of this trial's prediction. */
export async function recordTimers(
  { parts, notes }: Trial,
  desktop: DeployedDesktop,
  victim: string,
  observed: Observed,
): Promise<ClusterTimers> {
  const timers = await parts.cluster.driver.timers(desktop.handle, victim, observed.signal);
  await notes.note({ kind: "timers", timers });
  return timers;
}
