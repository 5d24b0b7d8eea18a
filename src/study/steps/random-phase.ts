import { seconds, times } from "../../base/time.ts";
import type { Observed, Trial } from "../trial.ts";

/**
 * The longest cycle that decides when a node is missed: PVE's CRM and LRM rounds (facts/proxmox-ve.md 1.1) and the
 * kubelet's lease renewal (facts/kubernetes.md 1) are all 10 s.
 */
const LONGEST_CYCLE = seconds(10);

/** Kills at a random phase of the cluster's own cycles, so that repeated trials sample them all. */
export async function randomPhase({ parts, notes }: Trial, observed: Observed): Promise<void> {
  notes.step("waiting for a random moment");
  const wait = times(LONGEST_CYCLE, parts.random.fork("moment").next());
  await parts.clock.sleep(wait, observed.signal);
}
