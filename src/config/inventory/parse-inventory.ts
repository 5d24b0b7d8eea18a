import { stringify } from "yaml";
import type { Inventory } from "../../model/inventory.ts";
import type { LabSpec } from "../../model/lab.ts";
import { deepFreeze } from "../deep-freeze.ts";
import type { Locate, Problem } from "../problem.ts";
import { throwIfAny } from "../problem.ts";
import type { ResolvePath } from "../schema/fields.ts";
import { validate } from "../schema/validate.ts";
import type { YamlSource } from "../yaml/read-yaml.ts";
import { readYaml } from "../yaml/read-yaml.ts";
import { isRecord } from "../yaml/value-at.ts";
import { checkInventory } from "./check-inventory.ts";
import { clustersFile, labFile, MODEL_FORMAT, modelFile } from "./inventory-schemas.ts";
import { humanWords, modelWords } from "./words.ts";

/** Real clusters, or the lab that is to be started to play some. */
export type ParsedInventory =
  | { readonly kind: "inventory"; readonly inventory: Inventory; readonly locate: Locate }
  | { readonly kind: "lab"; readonly file: string; readonly lab: LabSpec; readonly locate: Locate };

/** Throws `ConfigurationProblems` with everything that is wrong. `file` is for messages only: nothing is read. */
export function parseInventory(
  text: string,
  file: string,
  options: { readonly resolvePath: ResolvePath },
): ParsedInventory {
  const source = readYaml(text, file);
  const { value, locate } = source;
  if (isRecord(value) && "lab" in value) {
    throwIfAny("clusters" in value ? [bothKinds(source)] : []);
    const { lab } = validate(labFile(), source);
    return deepFreeze({
      kind: "lab",
      file,
      lab: { ...lab, clusters: named(lab.clusters) },
      locate,
    });
  }
  const clusters =
    isRecord(value) && "format" in value
      ? validate(modelFile(modelWords(options.resolvePath)), source).clusters
      : named(validate(clustersFile(humanWords(options.resolvePath)), source).clusters);
  const inventory: Inventory = { file, clusters };
  checkInventory(inventory, source);
  return deepFreeze({ kind: "inventory", inventory, locate });
}

/** Text that `parseInventory` reads back to the same inventory: the model's own form. */
export const renderInventory = (inventory: Inventory): string =>
  stringify({ format: MODEL_FORMAT, ...inventory }, { aliasDuplicateObjects: false });

const bothKinds = (source: YamlSource): Problem => ({
  file: source.file,
  ...source.locateKey(["clusters"]),
  field: "clusters",
  message: "cannot stand beside lab: a file names real clusters, or the lab that plays some",
});

const named = <T extends object>(byName: Readonly<Record<string, T>>) =>
  Object.entries(byName).map(([name, value]) => ({ name, ...value }));
