import type { Cluster } from "../../model/inventory.ts";

/**
 * What is frozen of a node. Not pve-cluster: the keys by which root logs in on PVE lie on its file system, which would
 * lock us out.
 */
export const frozenUnits = {
  proxmox: ["corosync", "pve-ha-lrm", "pve-ha-crm"],
  kubernetes: ["kubelet", "containerd"],
} as const satisfies Record<Cluster["kind"], readonly string[]>;
