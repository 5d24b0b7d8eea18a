import { createKubernetesDriver } from "../../src/clusters/kubernetes/kubernetes-driver.ts";
import type { KubernetesCluster } from "../../src/model/inventory.ts";
import { desktopSpec } from "./desktop-spec.ts";
import { clock, secrets } from "./on-worker.ts";

/**
 * Has each worker start a desktop once, and removes them: a worker's first container of an image takes up to three times as long
 * as those that follow, which is no part of any rule that the twin could know.
 */
export async function warmWorkers(cluster: KubernetesCluster): Promise<void> {
  const driver = createKubernetesDriver({ cluster, clock, secrets });
  const signal = AbortSignal.timeout(240_000);
  const warm = async (node: string): Promise<void> => {
    const spec = desktopSpec(`warm-${node}`);
    const placement = { kind: "node", node } as const;
    const request = { spec, placement, run: "warm", trial: node, mark: "warm-workers" };
    const desktop = await driver.prepare(request, signal);
    try {
      await driver.deploy(desktop, request, signal);
    } finally {
      await driver.remove(desktop, signal);
    }
  };
  try {
    await Promise.all(cluster.nodes.map(async ({ name }) => await warm(name)));
  } finally {
    await driver.close();
  }
}
