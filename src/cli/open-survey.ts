import type { Clock } from "../contracts/clock.ts";
import type { ClusterSurvey } from "../contracts/cluster-survey.ts";
import type { Secrets } from "../contracts/secrets.ts";
import type { Cluster } from "../model/inventory.ts";
import type { LabSpec } from "../model/lab.ts";
import type { Timing } from "../model/survey.ts";
import type { SeededRandom } from "../platform/seeded-random.ts";

/** The questions of `check` to one cluster. */
export async function openSurvey(
  cluster: Cluster,
  world: { readonly clock: Clock; readonly random: SeededRandom; readonly secrets: Secrets },
): Promise<ClusterSurvey> {
  switch (cluster.kind) {
    case "proxmox": {
      const { createProxmoxSurvey } = await import("../clusters/proxmox/create-proxmox-survey.ts");
      return createProxmoxSurvey({ cluster, ...world });
    }
    case "kubernetes": {
      const { createKubernetesSurvey } =
        await import("../clusters/kubernetes/create-kubernetes-survey.ts");
      return createKubernetesSurvey({ cluster, ...world });
    }
  }
}

/** What a lab assumes of hardware and guests is known where this process has started it. */
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
