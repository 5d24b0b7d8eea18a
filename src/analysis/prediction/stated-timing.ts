import type { Cluster } from "../../model/inventory.ts";
import { defaultKubernetesSettings } from "../../model/kubernetes-settings.ts";
import type { LabSpec } from "../../model/lab.ts";
import { LEAST_NODES, defaultProxmoxSettings } from "../../model/proxmox-settings.ts";
import type { Timing } from "../../model/survey.ts";

/** What decides how long a cluster's failovers take, as its inventory states it and else by default. Asks nobody. */
export function statedTiming(cluster: Cluster, lab: LabSpec | null): Timing {
  return asPlayed(cluster.name, stated(cluster), lab);
}

function stated(cluster: Cluster): Timing {
  switch (cluster.kind) {
    case "proxmox": {
      // An inventory need not list them all.
      const nodes = Math.max(LEAST_NODES, cluster.nodes.length);
      return {
        kind: "proxmox",
        settings: { ...defaultProxmoxSettings, ...cluster.corosync, nodes },
      };
    }
    case "kubernetes":
      return {
        kind: "kubernetes",
        settings: { ...defaultKubernetesSettings, ...cluster.controller_manager },
      };
  }
}

/** What a lab assumes of hardware and guests is known where the embedded one plays the cluster. */
export function asPlayed(name: string, timing: Timing, lab: LabSpec | null): Timing {
  const played = lab?.clusters.find((each) => each.name === name);
  if (played?.kind === "proxmox" && timing.kind === "proxmox") {
    const { assumed } = played.settings;
    return { kind: "proxmox", settings: { ...timing.settings, assumed } };
  }
  if (played?.kind === "kubernetes" && timing.kind === "kubernetes") {
    const { assumed } = played.settings;
    return { kind: "kubernetes", settings: { ...timing.settings, assumed } };
  }
  return timing;
}
