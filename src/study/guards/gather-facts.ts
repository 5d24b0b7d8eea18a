import type { ClusterHealth } from "../../model/cluster-facts.ts";
import type { Clock } from "../../contracts/clock.ts";
import type { ClusterParts } from "../trial-parts.ts";
import { apiPlaces } from "./api-places.ts";
import type { Scene, Spending } from "./guard.ts";

/** A scene of which it is not yet known whether the cluster has the victim. */
export type GuardFacts = Omit<Scene, "victim">;

/** Asks for all that guards want to know of a node beside its cluster's health. */
export async function gatherFacts(
  victim: string,
  health: ClusterHealth,
  cluster: Pick<ClusterParts, "driver" | "safety" | "apiHosts" | "machines">,
  run: { readonly clock: Clock; readonly spending: Spending; readonly signal: AbortSignal },
): Promise<GuardFacts> {
  const told = health.nodes.find((node) => node.name === victim)?.machine ?? nothingTold;
  const { machines } = cluster;
  const [own, below, places] = await Promise.all([
    machines.own(),
    machines.below(victim, told, run.signal),
    apiPlaces(cluster.apiHosts, async (host) => await machines.addressesOf(host)),
  ]);
  return {
    ...below,
    kind: cluster.driver.kind,
    health,
    safety: cluster.safety,
    apiPlaces: places,
    own,
    now: run.clock.wall(),
    spending: run.spending,
  };
}

const nothingTold = { boot_id: null, machine_id: null, addresses: [] } as const;
