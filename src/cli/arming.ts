import { createInterface } from "node:readline/promises";
import { OperatingError } from "../base/errors.ts";
import type { Terminal } from "./terminal.ts";
import type { LoadedStudy } from "./load.ts";
import { clusterNamed } from "./wire.ts";

/**
 * Real clusters are armed in the inventory, and their name is typed before the first kill, or given by --yes-kill. A lab
 * is played and needs neither.
 */
export async function confirmKill(
  study: LoadedStudy,
  yesKill: readonly string[],
  terminal: Terminal,
): Promise<void> {
  const names = new Set(study.experiment.arms.map((arm) => arm.cluster));
  for (const name of names) {
    const cluster = clusterNamed(study.inventory, name);
    if (cluster.lab !== null) continue;
    const { line, column } = study.locateInInventory(["clusters", name]);
    if (!cluster.armed) {
      throw new OperatingError(
        "unsafe",
        `${study.inventory.file}:${line}:${column}: clusters.${name}: it is not armed, so nothing is killed. \`blackout plan\` shows what would be done; then set \`armed: true\``,
      );
    }
    if (!yesKill.includes(name)) await typedName(name, terminal);
  }
}

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
