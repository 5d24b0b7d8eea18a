import type { Cluster, Inventory } from "../../model/inventory.ts";
import { allowedHint } from "../nearest.ts";
import type { Path, Problem } from "../problem.ts";
import { renderPath, throwIfAny } from "../problem.ts";
import type { YamlSource } from "../yaml/read-yaml.ts";

/** What no schema sees: names that must belong together. Throws `ConfigurationProblems`. */
export function checkInventory(inventory: Inventory, source: YamlSource): void {
  throwIfAny(
    inventory.clusters.flatMap((cluster, index) =>
      unknownNodes(cluster, clusterPath(source, cluster, index)).map(
        ({ path, message }): Problem => ({
          file: source.file,
          ...source.locate(path),
          field: renderPath(path),
          message,
        }),
      ),
    ),
  );
}

/** Clusters are named by their key in the form of people, and by a number in the model's. */
function clusterPath(source: YamlSource, cluster: Cluster, index: number): Path {
  const { value } = source;
  const isModel = typeof value === "object" && value !== null && "format" in value;
  return ["clusters", isModel ? index : cluster.name];
}

function unknownNodes(cluster: Cluster, path: Path) {
  const known = cluster.nodes.map((node) => node.name);
  const hosts =
    cluster.kind === "proxmox"
      ? { key: "hosts", list: cluster.api.hosts }
      : { key: "servers", list: cluster.api.servers };
  const used = [
    ...hosts.list.map((host, at) => ({
      path: [...path, "api", hosts.key, at, "node"],
      node: host.node,
    })),
    ...cluster.safety.protected_nodes.map((node, at) => ({
      path: [...path, "safety", "protected_nodes", at],
      node,
    })),
  ];
  return used.flatMap(({ path: at, node }) =>
    node === null || known.includes(node)
      ? []
      : [
          {
            path: at,
            message: `"${node}" is not a node of ${cluster.name}; ${allowedHint(node, known)}`,
          },
        ],
  );
}
