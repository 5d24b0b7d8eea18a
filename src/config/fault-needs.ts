import type { FaultSpec } from "../model/fault-spec.ts";
import { services } from "../model/fault-spec.ts";
import type { NodeAccess } from "../model/inventory.ts";

/** A way into every possible victim that a fault or its cure takes. */
export interface Need {
  readonly what: "SSH access" | "a BMC" | "an IPMI BMC" | "a Redfish BMC";
  readonly has: (node: NodeAccess) => boolean;
}

const ssh: Need = { what: "SSH access", has: (node) => node.ssh !== null };
const bmc: Need = { what: "a BMC", has: (node) => node.bmc !== null };
const bmcOf = {
  ipmi: { what: "an IPMI BMC", has: (node) => node.bmc?.kind === "ipmi" },
  redfish: { what: "a Redfish BMC", has: (node) => node.bmc?.kind === "redfish" },
} as const satisfies Record<string, Need>;

/** What switches a node off needs a BMC that switches it on again; what goes through the API needs nothing of the node. */
export function needsOf(fault: FaultSpec): readonly Need[] {
  switch (fault.kind) {
    case "power":
      return [bmcOf[fault.over]];
    case "sysrq":
      return fault.key === "b" ? [ssh] : [ssh, bmc];
    case "shutdown":
      if (fault.over === "ipmi" || fault.over === "redfish") return [bmcOf[fault.over]];
      return [
        ...(fault.over === "ssh" ? [ssh] : []),
        ...(fault.action === "poweroff" ? [bmc] : []),
      ];
    case "forced-poweroff":
      return [ssh, bmc];
    case "network-cut":
    case "service":
    case "freeze":
    case "maintenance":
      return [ssh];
    case "cordon":
    case "drain":
    case "evict":
    case "out-of-service":
    case "migrate":
    case "command":
      return [];
  }
}

/** Why a cluster of this kind cannot have the fault; null when it can. */
export function wrongClusterFor(fault: FaultSpec, kind: "proxmox" | "kubernetes"): string | null {
  const only = peculiarity(fault);
  if (only === null || only.to === kind) return null;
  return `is ${only.what}, which only ${only.to === "proxmox" ? "Proxmox VE" : "Kubernetes"} has`;
}

const peculiarTo: Partial<Record<FaultSpec["kind"], "proxmox" | "kubernetes">> = {
  cordon: "kubernetes",
  drain: "kubernetes",
  evict: "kubernetes",
  "out-of-service": "kubernetes",
  maintenance: "proxmox",
  migrate: "proxmox",
};

function peculiarity(
  fault: FaultSpec,
): { readonly what: string; readonly to: "proxmox" | "kubernetes" } | null {
  if (fault.kind === "service") {
    return { what: `service ${fault.service}`, to: services[fault.service] };
  }
  if (fault.kind === "shutdown") {
    if (fault.over === "api") return { what: "shutdown over the API", to: "proxmox" };
    return fault.policy === null ? null : { what: "a shutdown policy", to: "proxmox" };
  }
  const to = peculiarTo[fault.kind];
  return to === undefined ? null : { what: fault.kind, to };
}
