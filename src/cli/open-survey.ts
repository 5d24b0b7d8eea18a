import type { Clock } from "../contracts/clock.ts";
import type { ClusterSurvey } from "../contracts/cluster-survey.ts";
import type { Secrets } from "../contracts/secrets.ts";
import type { Cluster } from "../model/inventory.ts";
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
