import { writeFile } from "node:fs/promises";
import { stringify } from "yaml";
import type { Cluster } from "../../model/inventory.ts";

/** What src/config reads as "written by a program": the model of an inventory, word for word. */
const FORMAT = "blackout-inventory/1";

/** Writes an ordinary inventory of a lab's clusters. The secrets lie beside it; it only refers to them. */
export async function writeInventory(path: string, clusters: readonly Cluster[]): Promise<void> {
  const text = stringify({ format: FORMAT, clusters }, { aliasDuplicateObjects: false });
  await writeFile(path, text, { mode: 0o600 });
}
