import type { MachineBelow } from "../../contracts/machines.ts";
import type { NodeAccess } from "../../model/inventory.ts";
import type { NodeReport } from "./node-report.ts";

/** All addresses of a host. Never rejects. */
export type ResolveHost = (host: string) => Promise<readonly string[]>;

/** What the inventory and the node's own answer tell of the machine below a node. `report` null: it was not asked, or silent. */
export async function machineFacts(
  { address, ssh }: NodeAccess,
  report: NodeReport | null,
  resolve: ResolveHost,
): Promise<MachineBelow> {
  const hosts = new Set([address, ssh?.host ?? null].filter((host) => host !== null));
  const addresses = await Promise.all([...hosts].map(resolve));
  const ids = { boot_id: report?.bootId ?? null, machine_id: report?.machineId ?? null };
  return {
    machine: { ...ids, addresses: [...new Set(addresses.flat())] },
    login: report === null ? null : { ...ids, hostname: report.hostname },
  };
}
