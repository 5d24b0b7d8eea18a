import { OperatingError } from "../base/errors.ts";
import type { Clock } from "../contracts/clock.ts";
import type { Secrets } from "../contracts/secrets.ts";
import type { Cluster, KubernetesCluster, NodeAccess, ProxmoxCluster } from "../model/inventory.ts";
import type { Refusal } from "../model/journal.ts";

/** What every fault is bound to. */
export interface FaultContext {
  readonly cluster: Cluster;
  readonly clock: Clock;
  readonly secrets: Secrets;
}

/** The victim's ways in. A victim that the inventory lacks is refused before: see `unknownVictim`. */
export function nodeNamed({ cluster }: FaultContext, victim: string): NodeAccess {
  const node = cluster.nodes.find(({ name }) => name === victim);
  if (node !== undefined) return node;
  throw new OperatingError(
    "configuration",
    `Cannot reach the victim as the inventory does not list it: it is ${victim}`,
  );
}

/** Why a fault on this node cannot even be considered; empty when the inventory lists it. */
export function unknownVictim({ cluster }: FaultContext, victim: string): readonly Refusal[] {
  if (cluster.nodes.some(({ name }) => name === victim)) return [];
  return [
    {
      guard: "cure-possible",
      saw: `the inventory does not list ${victim}`,
      needs: `${victim} with its ways in, in the inventory`,
    },
  ];
}

/** The cluster that a fault of Proxmox VE is bound to; experiments are held against their inventory before. */
export function proxmoxOf({ cluster }: FaultContext, what: string): ProxmoxCluster {
  if (cluster.kind === "proxmox") return cluster;
  throw new OperatingError(
    "configuration",
    `Cannot ${what} as ${cluster.name} is no Proxmox VE: it is ${cluster.kind}`,
  );
}

export function kubernetesOf({ cluster }: FaultContext, what: string): KubernetesCluster {
  if (cluster.kind === "kubernetes") return cluster;
  throw new OperatingError(
    "configuration",
    `Cannot ${what} as ${cluster.name} is no Kubernetes: it is ${cluster.kind}`,
  );
}
