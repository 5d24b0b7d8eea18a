/** A node's two network links: `eth0` carries API, SSH and, through the bridge, the guests; `eth1` carries corosync and migrations. */
export type LinkName = "eth0" | "eth1";

export const LINKS: readonly LinkName[] = ["eth0", "eth1"];

/** Corosync's messages, and the memory of a VM on the move. */
export const CLUSTER_LINK: LinkName = "eth1";
