import { OperatingError } from "../../base/errors.ts";
import type { Cluster, Inventory } from "../../model/inventory.ts";
import { addressesOf } from "../../platform/addresses-of.ts";
import { readOwnMachine } from "../../platform/own-machine.ts";
import { checkCluster } from "../check-cluster.ts";
import { checkJson, checkLines } from "../check-lines.ts";
import type { ExitCode } from "../exit-code.ts";
import { worst } from "../exit-code.ts";
import { loadClusters } from "../load.ts";
import { secretsFor } from "../surroundings.ts";
import type { Terminal } from "../terminal.ts";

export interface CheckOptions {
  readonly cluster?: readonly string[];
  readonly json?: boolean;
  readonly speed?: number;
}

/** Asks everybody everything that can be known without touching anything, and says what a run would be told. */
export async function check(
  file: string,
  options: CheckOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  const { inventory, lab, close } = await loadClusters(file, options);
  try {
    const wanted = chosen(inventory, options.cluster);
    const own = await readOwnMachine();
    const world = { secrets: secretsFor(terminal), own, resolve: addressesOf, lab };
    const checked = await Promise.all(
      wanted.map(async (cluster) => await checkCluster(cluster, world)),
    );
    const text =
      options.json === true
        ? checkJson(file, checked)
        : checkLines(file, checked, terminal.outColours);
    terminal.out(text);
    return worst(...checked.map(({ code }) => code));
  } finally {
    await close();
  }
}

function chosen(
  { file, clusters }: Inventory,
  names: readonly string[] | undefined,
): readonly Cluster[] {
  const unknown = names?.find((name) => !clusters.some((cluster) => cluster.name === name));
  if (unknown !== undefined) {
    throw new OperatingError(
      "configuration",
      `--cluster ${unknown}: ${file} has no such cluster; it has ${clusters.map(({ name }) => name).join(", ")}`,
    );
  }
  return clusters.filter(({ name }) => names === undefined || names.includes(name));
}
