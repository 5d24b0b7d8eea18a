import type { Arm, Experiment } from "../model/experiment.ts";
import type { Cluster, Inventory, NodeAccess } from "../model/inventory.ts";
import type { Need } from "./fault-needs.ts";
import { needsOf, wrongClusterFor } from "./fault-needs.ts";
import type { ParsedInventory } from "./inventory/parse-inventory.ts";
import { allowedHint } from "./nearest.ts";
import type { Locate, Path, Problem } from "./problem.ts";
import { renderPath, throwIfAny } from "./problem.ts";
import type { ParsedExperiment } from "./experiment/parse-experiment.ts";

/**
 * Whether the inventory has what the experiment needs: clusters, nodes, and the ways in of its faults. Throws
 * `ConfigurationProblems`. Of a lab that is not started yet only names and kinds of its clusters are known; check again
 * with the inventory that it writes.
 */
export function checkExperiment(
  { experiment, locate }: Pick<ParsedExperiment, "experiment" | "locate">,
  target: ParsedInventory,
): void {
  throwIfAny(
    experiment.arms.flatMap((arm) =>
      findings(arm, experiment, target).map(({ key, message }): Problem => {
        const path: Path = ["arms", arm.name, ...key];
        return { file: experiment.file, ...locate(path), field: renderPath(path), message };
      }),
    ),
  );
}

interface Finding {
  /** Below the arm. */
  readonly key: Path;
  readonly message: string;
}

function findings(
  arm: Arm,
  { overrides }: Experiment,
  target: ParsedInventory,
): readonly Finding[] {
  const file = target.kind === "lab" ? target.file : target.inventory.file;
  const clusters = target.kind === "lab" ? target.lab.clusters : target.inventory.clusters;
  const cluster = clusters.find((each) => each.name === arm.cluster);
  if (cluster === undefined) {
    const names = clusters.map((each) => each.name);
    const hint = allowedHint(arm.cluster, names);
    return [{ key: ["cluster"], message: `"${arm.cluster}" is not a cluster of ${file}; ${hint}` }];
  }
  const found = [...kindFindings(arm, cluster.kind, file)];
  if (target.kind === "inventory") {
    found.push(...nodeFindings(arm, overrides, target.inventory, target.locate));
  }
  return found;
}

function kindFindings(arm: Arm, kind: "proxmox" | "kubernetes", file: string): readonly Finding[] {
  if (arm.desktop.kind !== kind) {
    const message = `is ${arm.desktop.kind}, but ${arm.cluster} of ${file} is ${kind}`;
    return [{ key: ["desktop", "kind"], message }];
  }
  const wrong = wrongClusterFor(arm.fault, kind);
  if (wrong !== null) return [{ key: ["fault"], message: wrong }];
  const { placement } = arm;
  if (kind === "kubernetes" && placement.kind.endsWith("crm-master")) {
    const message = `is ${placement.kind}, but only Proxmox VE has a CRM master; allowed: any, a node`;
    return [{ key: ["placement"], message }];
  }
  return momentFindings(arm, kind, file);
}

/** Each kind of cluster has a cycle of its own. */
function momentFindings(
  { when, cluster }: Arm,
  kind: "proxmox" | "kubernetes",
  file: string,
): readonly Finding[] {
  const own = kind === "proxmox" ? "lock-age" : "lease-age";
  if (when.kind === "random" || when.of === own) return [];
  const [told, allowed] = [when.of, own].map((age) => age.replace("-", "_"));
  const message = `is ${told}, but ${cluster} of ${file} is ${kind}; allowed: random, ${allowed}`;
  return [{ key: ["when", told ?? ""], message }];
}

function nodeFindings(
  arm: Arm,
  overrides: Experiment["overrides"],
  inventory: Inventory,
  locate: Locate,
): readonly Finding[] {
  const cluster = inventory.clusters.find((each) => each.name === arm.cluster);
  if (cluster === undefined) return [];
  const { placement } = arm;
  const names = cluster.nodes.map((node) => node.name);
  if (placement.kind === "node" && !names.includes(placement.node)) {
    const hint = allowedHint(placement.node, names);
    const message = `"${placement.node}" is not a node of ${cluster.name} in ${inventory.file}; ${hint}`;
    return [{ key: ["placement", "node"], message }];
  }
  const victims = possibleVictims(arm, overrides, cluster);
  if (victims.length === 0) {
    const message = `no node of ${cluster.name} in ${inventory.file} may be killed: none is listed there that is not protected`;
    return [{ key: ["cluster"], message }];
  }
  return needsOf(arm.fault).flatMap((need) => {
    const without = victims.filter((node) => !need.has(node));
    if (without.length === 0) return [];
    return [
      { key: ["fault"], message: lacking(need.what, without, { cluster, inventory, locate }) },
    ];
  });
}

function possibleVictims(
  { placement }: Arm,
  overrides: Experiment["overrides"],
  cluster: Cluster,
): readonly NodeAccess[] {
  const guarded = overrides.includes("protected-node") ? [] : cluster.safety.protected_nodes;
  return cluster.nodes.filter(
    (node) =>
      !guarded.includes(node.name) && (placement.kind !== "node" || placement.node === node.name),
  );
}

function lacking(
  need: Need["what"],
  without: readonly NodeAccess[],
  seen: { readonly cluster: Cluster; readonly inventory: Inventory; readonly locate: Locate },
): string {
  const names = without.map((node) => node.name);
  const node: Path = ["clusters", seen.cluster.name, "nodes", names[0] ?? ""];
  const place = `${seen.inventory.file}:${seen.locate(node).line}`;
  return (
    `needs ${need} on every node that may be its victim, but ${place} has none for ${names.join(", ")}; ` +
    `add ${renderPath([...node, need === "SSH access" ? "ssh" : "bmc"])}, or protect the node (safety.protected_nodes)`
  );
}
