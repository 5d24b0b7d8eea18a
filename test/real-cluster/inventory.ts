import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { renderInventory } from "../../src/config/inventory/parse-inventory.ts";
import type { KubernetesCluster } from "../../src/model/inventory.ts";
import { defaultSafety } from "../../src/model/safety.ts";
import type { NodeTimings, Site } from "./control-plane.ts";
import { apiUrl, apiWorkerOf, CLUSTER_NAME } from "./layout.ts";
import type { Worker } from "./worker.ts";

export const inventoryPath = (folder: string): string => join(folder, "inventory.yaml");

/** Writes what a user would have to write of this cluster, with every check of the tool switched on. */
export async function writeInventory(
  site: Site,
  workers: readonly Worker[],
  facts: { readonly kubeSystemUid: string; readonly timings: NodeTimings },
): Promise<void> {
  const file = inventoryPath(site.layout.folder);
  const text = renderInventory({ file, clusters: [clusterOf(site, workers, facts)] });
  await writeFile(`${file}.new`, text, { mode: 0o600 });
  await rename(`${file}.new`, file);
}

function clusterOf(
  { layout, credentials }: Site,
  workers: readonly Worker[],
  { kubeSystemUid, timings }: { readonly kubeSystemUid: string; readonly timings: NodeTimings },
): KubernetesCluster {
  const apiWorker = apiWorkerOf(layout);
  return {
    kind: "kubernetes",
    name: CLUSTER_NAME,
    armed: true,
    identity: { kube_system_uid: kubeSystemUid },
    api: {
      servers: [
        { url: apiUrl(apiWorker.address), node: apiWorker.name },
        { url: apiUrl(layout.controlAddress), node: null },
      ],
      auth: {
        kind: "client-certificate",
        certificate: secret(credentials.admin.certificate),
        key: secret(credentials.admin.key),
      },
      tls: { kind: "ca", path: credentials.ca },
    },
    ingress_url: null,
    lock_namespace: "default",
    controller_manager: timings,
    safety: defaultSafety,
    lab: null,
    nodes: workers.map(({ layout: worker, identity }) => ({
      name: worker.name,
      address: worker.address,
      ssh: {
        host: worker.address,
        port: 22,
        user: "root",
        key: secret(credentials.sshKey),
        host_key: identity.hostKey,
      },
      bmc: {
        kind: "ipmi",
        host: layout.controlAddress,
        port: worker.bmcPort,
        user: credentials.bmcUser,
        password: secret(credentials.bmcPassword),
        cipher_suite: 3,
        via: "builtin",
        mapping: "uuid",
      },
    })),
  };
}

const secret = (path: string) => ({ kind: "file", path }) as const;
