import type { LoginFacts, NodeHealth } from "../../model/cluster-facts.ts";
import type { Cluster } from "../../model/inventory.ts";
import type { Guard } from "./guard.ts";

/**
 * All other guards judge the cluster's node; the fault strikes whatever the inventory's SSH and BMC lead to, and the BMC
 * is proven by what is read over SSH. An entry with another node's ways in would kill that one. Never overridable.
 */
export const sshMapping: Guard = ({ kind, victim, login }) => {
  const saw = login === null ? null : otherNode(kind, victim, login);
  if (saw === null) return [];
  return [
    {
      guard: "ssh-mapping",
      saw: `the inventory's ssh of ${victim.name} leads to another machine: ${saw}`,
      needs: `the ways in of ${victim.name} itself in its entry of the inventory, its bmc included`,
    },
  ];
};

/** On Proxmox VE a node's name is its host name; Kubernetes tells of each node what its kubelet read there. */
function otherNode(
  kind: Cluster["kind"],
  { name, machine }: NodeHealth,
  login: LoginFacts,
): string | null {
  switch (kind) {
    case "proxmox":
      return differ(name, shortName(login.hostname))
        ? `"uname -n" there says ${login.hostname}`
        : null;
    case "kubernetes":
      if (differ(machine.machine_id, login.machine_id)) {
        return `its machine-id is ${login.machine_id}, the cluster says ${machine.machine_id}`;
      }
      return differ(machine.boot_id, login.boot_id)
        ? `its boot_id is ${login.boot_id}, the cluster says ${machine.boot_id}`
        : null;
  }
}

/** As PVE itself takes its node's name from the system (PVE::INotify::nodename). */
const shortName = (hostname: string | null): string | null =>
  hostname?.replace(/\..*$/u, "") ?? null;

/** Only where both are known. */
const differ = (told: string | null, said: string | null): boolean =>
  told !== null && said !== null && told.toLowerCase() !== said.toLowerCase();
