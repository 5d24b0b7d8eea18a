import { readFileSync } from "node:fs";
import { inject } from "vitest";
import { present } from "../../src/base/assert.ts";
import { parseInventory } from "../../src/config/inventory/parse-inventory.ts";
import type { KubernetesCluster } from "../../src/model/inventory.ts";
import type { ClusterPlace } from "./start-real-cluster.ts";

/** What a test file of the project `cluster` begins with. */
export interface SharedCluster {
  /** For `describe.skipIf`. */
  readonly skip: boolean;
  /** For the title: empty, or why it is skipped. */
  readonly note: string;
  /** Throws where there is none; call it in hooks and tests. */
  readonly place: () => ClusterPlace;
  /** What the tool reads, as it is at this moment. */
  readonly inventory: () => KubernetesCluster;
}

/**
 * The cluster that belongs to this worker of vitest, whose files have it one after the other. A test leaves it as it found
 * it: all workers on and Ready, no desktops.
 */
export function sharedCluster(): SharedCluster {
  const provided = inject("realCluster");
  const place = (): ClusterPlace => {
    if (provided.kind === "missing") throw new Error(provided.reason);
    const worker = Number(process.env["VITEST_POOL_ID"]);
    return present(provided.places[worker - 1], `a real cluster for worker ${worker} of vitest`);
  };
  return {
    skip: provided.kind === "missing",
    note: provided.kind === "missing" ? ` (skipped: ${provided.reason})` : "",
    place,
    inventory: () => readCluster(place().inventory),
  };
}

function readCluster(file: string): KubernetesCluster {
  const parsed = parseInventory(readFileSync(file, "utf8"), file, { resolvePath: (path) => path });
  const [cluster] = parsed.kind === "inventory" ? parsed.inventory.clusters : [];
  if (cluster?.kind !== "kubernetes") throw new Error(`${file} has no Kubernetes cluster`);
  return cluster;
}
