import { createInterface } from "node:readline/promises";
import { OperatingError } from "../base/errors.ts";
import type { Cluster } from "../model/inventory.ts";
import type { Terminal } from "./terminal.ts";
import type { LoadedStudy } from "./load.ts";
import { clusterNamed } from "./wire.ts";

/** What can be said without asking anybody: unknown names, and clusters that are not armed. A lab is played and needs no arming. */
export function checkArming(study: LoadedStudy, yesKill: readonly string[]): void {
  const known = study.inventory.clusters.map((cluster) => cluster.name);
  const unknown = yesKill.find((name) => !known.includes(name));
  if (unknown !== undefined) {
    throw new OperatingError(
      "configuration",
      `--yes-kill ${unknown}: ${study.inventory.file} has no such cluster; it has ${known.join(", ")}`,
    );
  }
  for (const { name, armed } of realClusters(study)) {
    if (armed) continue;
    const { line, column } = study.locateInInventory(["clusters", name]);
    throw new OperatingError(
      "unsafe",
      `${study.inventory.file}:${line}:${column}: clusters.${name}: it is not armed, so nothing is killed. \`blackout plan\` shows what would be done; then set \`armed: true\``,
    );
  }
}

/** The name of a real cluster is typed before the first kill, or was given by --yes-kill. */
export async function confirmKill(
  study: LoadedStudy,
  yesKill: readonly string[],
  terminal: Terminal,
): Promise<void> {
  for (const { name } of realClusters(study)) {
    if (!yesKill.includes(name)) await typedName(name, terminal);
  }
}

const realClusters = (study: LoadedStudy): readonly Cluster[] =>
  [...new Set(study.experiment.arms.map((arm) => arm.cluster))]
    .map((name) => clusterNamed(study.inventory, name))
    .filter((cluster) => cluster.lab === null);

async function typedName(name: string, terminal: Terminal): Promise<void> {
  if (!process.stdin.isTTY) {
    throw new OperatingError(
      "unsafe",
      `nodes of ${name} would be killed, and there is no terminal to confirm it on: pass --yes-kill ${name}`,
    );
  }
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await prompt.question(
      terminal.colours.bold(`Nodes of ${name} will be killed. Type the cluster's name to go on: `),
    );
    if (answer.trim() !== name)
      throw new OperatingError("unsafe", "not confirmed: nothing was done");
  } finally {
    prompt.close();
  }
}
