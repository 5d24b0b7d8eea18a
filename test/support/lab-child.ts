import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { startLabProcess } from "../../src/cli/lab-process.ts";
import type { LabProcess } from "../../src/cli/lab-process.ts";
import { parseInventory } from "../../src/config/inventory/parse-inventory.ts";
import type { Inventory } from "../../src/model/inventory.ts";
import type { LabCluster, LabSpec } from "../../src/model/lab.ts";

export const root = resolve(import.meta.dirname, "../..");

/** The lab of inventories/lab.yaml, changed as wished. */
export async function labSpec(
  change: (spec: LabSpec) => LabSpec = (spec) => spec,
): Promise<LabSpec> {
  const file = join(root, "inventories/lab.yaml");
  const parsed = parseInventory(await readFile(file, "utf8"), file, {
    resolvePath: (path) => path,
  });
  if (parsed.kind !== "lab") throw new Error(`${file} has no lab`);
  return change(parsed.lab);
}

/** For `labSpec`: its clusters of one kind alone. */
export const only =
  (kind: LabCluster["kind"]) =>
  (spec: LabSpec): LabSpec => ({
    ...spec,
    clusters: spec.clusters.filter((cluster) => cluster.kind === kind),
  });

/** A lab in a process of its own, as users have it. */
export async function startTestLab(
  spec: LabSpec,
): Promise<LabProcess & { readonly inventory: Inventory }> {
  const lab = await startLabProcess(spec);
  const text = await readFile(lab.inventoryPath, "utf8");
  const parsed = parseInventory(text, lab.inventoryPath, { resolvePath: (path) => path });
  if (parsed.kind !== "inventory") throw new Error("the lab wrote no inventory");
  return { ...lab, inventory: parsed.inventory };
}
