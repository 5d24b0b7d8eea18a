import type { ProxmoxTwin } from "../../twin/proxmox/proxmox-twin.ts";
import type { LabLink } from "../machine.ts";

/** Where corosync talks, apart from everything else. Nothing of the lab listens there. */
export const corosyncAddress = (nodeid: number): string => `10.99.0.${nodeid}`;

/** `eth0` has the node's own address and the way out, `eth1` corosync's. */
export function linksOf(
  twin: ProxmoxTwin,
  node: { readonly name: string; readonly id: number; readonly address: string },
): readonly LabLink[] {
  return twin
    .links(node.name)
    .map(({ name, up }) =>
      name === "eth0"
        ? { name, up, address: `${node.address}/24`, gateway: gatewayOf(node.address) }
        : { name, up, address: `${corosyncAddress(node.id)}/24`, gateway: null },
    );
}

/** The node answers on its public link. */
export const isReachable = (twin: ProxmoxTwin, node: string): boolean =>
  twin.hostState(node) === "up" && twin.links(node).some(({ name, up }) => name === "eth0" && up);

const gatewayOf = (address: string): string => address.replace(/\d+$/, "254");
