import { OperatingError } from "../base/errors.ts";
import { longer, seconds, times } from "../base/time.ts";
import type { Clock } from "../contracts/clock.ts";
import type { ClusterIdentity } from "../model/cluster-facts.ts";
import { identityRefusals } from "../study/guard.ts";
import type { ArmPreflight } from "../study/preflight.ts";
import { preflight } from "../study/preflight.ts";
import type { LoadedStudy } from "./load.ts";
import type { Wired } from "./wire.ts";
import { locateClusterError } from "./wire.ts";

/**
 * How long a cluster, its BMCs and nodes may take to answer all questions. On a lab's clock at least so many of its
 * shortest deadlines, since the questions hold key exchanges that no clock makes faster.
 */
const patience = (clock: Clock): AbortSignal =>
  clock.timeout(longer(seconds(60), times(clock.floor.deadline, 40)));

/** The preflight of every arm. A cluster that cannot be asked, or is not the one pinned, is a configuration error with its place. */
export async function checkedClusters(
  study: LoadedStudy,
  wired: Wired,
  clock: Clock,
): Promise<readonly ArmPreflight[]> {
  for (const name of wired.clusters.keys()) await rightCluster(name, study, wired, clock);
  return await preflight(study.experiment, { ...wired, clock }, patience(clock));
}

async function rightCluster(
  name: string,
  study: LoadedStudy,
  wired: Wired,
  clock: Clock,
): Promise<void> {
  const parts = wired.clusters.get(name);
  if (parts === undefined) return;
  let seen: ClusterIdentity;
  try {
    seen = await parts.driver.identify(patience(clock));
  } catch (error) {
    throw locateClusterError(error, name, study.inventory, study.locateInInventory);
  }
  const [refusal] = identityRefusals(seen, parts.identity);
  if (refusal === undefined) return;
  const { line, column } = study.locateInInventory(["clusters", name, "identity"]);
  throw new OperatingError(
    "configuration",
    `${study.inventory.file}:${line}:${column}: clusters.${name}.identity: this is another cluster: it is ${refusal.saw}, the inventory pins ${refusal.needs}. Point the api at the right cluster, or pin this one`,
  );
}
