import { present } from "../base/assert.ts";
import { describeError, OperatingError } from "../base/errors.ts";
import type { Locate } from "../config/problem.ts";
import type { Clock } from "../contracts/clock.ts";
import type { ClusterDriver } from "../contracts/cluster-driver.ts";
import type { Fault } from "../contracts/fault.ts";
import type { Random } from "../contracts/random.ts";
import type { Secrets } from "../contracts/secrets.ts";
import { createFault } from "../faults/create-fault.ts";
import type { Experiment } from "../model/experiment.ts";
import type { Cluster, Inventory } from "../model/inventory.ts";
import { apiHostsOf } from "../model/inventory.ts";
import { ScaledClock } from "../platform/scaled-clock.ts";
import { SystemClock } from "../platform/system-clock.ts";
import { pinnedIdentity } from "../study/survey/identity-findings.ts";
import type { ClusterParts } from "../study/trial-parts.ts";
import { machinesOf } from "./machines.ts";

export interface Wired {
  readonly clusters: ReadonlyMap<string, ClusterParts>;
  readonly faults: ReadonlyMap<string, Fault>;
  readonly close: () => Promise<void>;
}

/** One clock for all clusters of a run: the lab's where a lab plays them, else the machine's. */
export function clockFor(experiment: Experiment, inventory: Inventory): Clock {
  const origins = clustersOf(experiment, inventory).map((cluster) => cluster.lab);
  const [first] = origins;
  if (origins.some((each) => each?.instance !== first?.instance)) {
    throw new OperatingError(
      "configuration",
      `${inventory.file}: one run cannot mix clusters of different labs, or of a lab and the real world: their clocks differ`,
    );
  }
  return first === undefined || first === null ? new SystemClock() : new ScaledClock(first);
}

/** Opens the drivers and faults that an experiment needs. Nothing is asked of a cluster yet. */
export async function wire(
  experiment: Experiment,
  inventory: Inventory,
  world: { readonly clock: Clock; readonly random: Random; readonly secrets: Secrets },
): Promise<Wired> {
  const clusters = new Map<string, ClusterParts>();
  const faults = new Map<string, Fault>();
  for (const cluster of clustersOf(experiment, inventory)) {
    clusters.set(cluster.name, {
      driver: await openDriver(cluster, world),
      safety: cluster.safety,
      identity: pinnedIdentity(cluster),
      apiHosts: apiHostsOf(cluster),
      machines: machinesOf(cluster, world),
    });
  }
  for (const arm of experiment.arms) {
    const cluster = clusterNamed(inventory, arm.cluster);
    faults.set(arm.name, createFault(arm.fault, { ...world, cluster }));
  }
  return {
    clusters,
    faults,
    close: async () => {
      await Promise.allSettled([
        ...[...faults.values()].map((fault) => fault.close()),
        ...[...clusters.values()].map(({ driver }) => driver.close()),
      ]);
    },
  };
}

/** What keeps a cluster from being asked anything, with the place in the inventory to mend it. */
export function locateClusterError(
  error: unknown,
  cluster: string,
  inventory: Inventory,
  locate: Locate,
): unknown {
  if (!(error instanceof OperatingError)) return error;
  if (!["unreachable", "timed-out", "denied", "untrusted", "configuration"].includes(error.code)) {
    return error;
  }
  const { line, column } = locate(["clusters", cluster, "api"]);
  return new OperatingError(
    error.code,
    `${inventory.file}:${line}:${column}: clusters.${cluster}.api: ${describeError(error)}`,
  );
}

export const clusterNamed = (inventory: Inventory, name: string): Cluster =>
  present(
    inventory.clusters.find((cluster) => cluster.name === name),
    `cluster ${name}`,
  );

const clustersOf = (experiment: Experiment, inventory: Inventory): readonly Cluster[] =>
  [...new Set(experiment.arms.map((arm) => arm.cluster))].map((name) =>
    clusterNamed(inventory, name),
  );

export async function openDriver(
  cluster: Cluster,
  world: { readonly clock: Clock; readonly random: Random; readonly secrets: Secrets },
): Promise<ClusterDriver> {
  switch (cluster.kind) {
    case "proxmox": {
      const { createProxmoxDriver } = await import("../clusters/proxmox/create-proxmox-driver.ts");
      return createProxmoxDriver({ cluster, ...world });
    }
    case "kubernetes": {
      const { createKubernetesDriver } =
        await import("../clusters/kubernetes/kubernetes-driver.ts");
      return createKubernetesDriver({ cluster, ...world });
    }
  }
}
