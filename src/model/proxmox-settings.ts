import type { ShutdownPolicy } from "./fault-spec.ts";

/**
 * What decides how long a Proxmox VE failover takes. Rules and constants of the source are not here but in the twin;
 * these are what clusters differ in, and what has to be assumed.
 */
export interface ProxmoxSettings {
  readonly nodes: number;
  /** corosync `totem.token`. */
  readonly token_ms: number;
  /** corosync `totem.token_coefficient`, per node beyond two. */
  readonly token_coefficient_ms: number;
  /** How many VMs exist as templates to clone from: VMIDs 9000, 9001, ... */
  readonly templates: number;
  /** `ha: shutdown_policy=` of datacenter.cfg; null when it is not set, which means `conditional`. */
  readonly shutdown_policy: ShutdownPolicy | null;
  readonly assumed: ProxmoxAssumptions;
}

/** Not rules of PVE but properties of hardware and guest. Assumed, listed in reports, never fitted to a measurement. */
export interface ProxmoxAssumptions {
  /** QEMU start to its VNC socket answering. Seen 0.25-0.35 s without a disk (facts 7). */
  readonly qemu_start_ms: number;
  /** QEMU answering to the guest's network being up (ports refuse from then on). */
  readonly guest_network_ms: number;
  /** QEMU answering to the guest's noVNC answering. */
  readonly guest_boot_ms: number;
  /** Power on to the node's corosync joining and its API answering. */
  readonly node_boot_ms: number;
  /** A full clone of the template. */
  readonly clone_ms: number;
  /** A live migration, from the start of its task to the guest running on the target. */
  readonly migration_ms: number;
  /** How long the guest stands still at the end of it; QEMU is asked for at most 100 ms. */
  readonly migration_downtime_ms: number;
}

/** Fewer nodes have no failover by themselves: one that is lost takes the quorum with it, unless a QDevice votes. */
export const LEAST_NODES = 3;

export const defaultProxmoxSettings: ProxmoxSettings = {
  nodes: LEAST_NODES,
  token_ms: 3000,
  token_coefficient_ms: 650,
  templates: 1,
  shutdown_policy: null,
  assumed: {
    qemu_start_ms: 300,
    guest_network_ms: 8000,
    guest_boot_ms: 16_000,
    node_boot_ms: 45_000,
    clone_ms: 4000,
    migration_ms: 10_000,
    migration_downtime_ms: 100,
  },
};
