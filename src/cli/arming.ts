import type { ReadLineOptions } from "node:readline/promises";
import { createInterface } from "node:readline/promises";
import { OperatingError } from "../base/errors.ts";
import type { Cluster } from "../model/inventory.ts";
import { Interrupted } from "../platform/signal-trap.ts";
import type { Terminal } from "./terminal.ts";
import type { LoadedStudy } from "./load.ts";
import { clusterNamed } from "./wire.ts";

/** What a kill on real clusters still needs, in words; empty: nothing. A lab is played, and needs no arming. */
export function missingArming(
  study: LoadedStudy,
  yesKill: readonly string[],
  options: { readonly canAsk: boolean },
): readonly string[] {
  checkNames(study, yesKill);
  return realClusters(study).flatMap(({ name, armed }) => {
    const { line, column } = study.locateInInventory(["clusters", name]);
    const place = `${study.inventory.file}:${line}:${column}: clusters.${name}`;
    const unarmed = armed ? [] : [`${place}: it is not armed: set \`armed: true\` in it`];
    const silent =
      yesKill.includes(name) || options.canAsk
        ? []
        : [
            `there is no terminal on which to confirm that nodes of ${name} are to be killed: pass --yes-kill ${name}`,
          ];
    return [...unarmed, ...silent];
  });
}

function checkNames({ inventory }: LoadedStudy, yesKill: readonly string[]): void {
  const known = inventory.clusters.map((cluster) => cluster.name);
  const unknown = yesKill.find((name) => !known.includes(name));
  if (unknown === undefined) return;
  throw new OperatingError(
    "configuration",
    `--yes-kill ${unknown}: ${inventory.file} has no such cluster; it has ${known.join(", ")}`,
  );
}

interface Asking {
  readonly terminal: Pick<Terminal, "colours">;
  /** The user, or who manages this process, wants it to end. */
  readonly stop: AbortSignal;
  /** Where the name is typed; default: the terminal. */
  readonly typed?: ReadLineOptions;
}

/**
 * The name of a real cluster is typed before the first kill, or was given by --yes-kill. Rejects with `unsafe` for another
 * name or none, and with `Interrupted` on Ctrl-C.
 */
export async function confirmKill(
  study: LoadedStudy,
  yesKill: readonly string[],
  asking: Asking,
): Promise<void> {
  for (const { name } of realClusters(study)) {
    if (!yesKill.includes(name)) await typedName(name, asking);
  }
}

const realClusters = (study: LoadedStudy): readonly Cluster[] =>
  [...new Set(study.experiment.arms.map((arm) => arm.cluster))]
    .map((name) => clusterNamed(study.inventory, name))
    .filter((cluster) => cluster.lab === null);

async function typedName(name: string, { terminal, stop, typed }: Asking): Promise<void> {
  const prompt = createInterface(typed ?? { input: process.stdin, output: process.stderr });
  const ended = new AbortController();
  // A terminal that is read so sends no signal: Ctrl-C and Ctrl-D are keys like others.
  prompt.once("SIGINT", () => {
    ended.abort(new Interrupted("SIGINT"));
  });
  prompt.once("close", () => {
    ended.abort(notConfirmed());
  });
  const signal = AbortSignal.any([stop, ended.signal]);
  try {
    const question = `Nodes of ${name} will be killed. Type the cluster's name to go on: `;
    const answer = await prompt.question(terminal.colours.bold(question), { signal });
    if (answer.trim() !== name) throw notConfirmed();
  } catch (error) {
    // The prompt's own error tells nothing of why it was left.
    signal.throwIfAborted();
    throw error;
  } finally {
    prompt.close();
  }
}

const notConfirmed = (): OperatingError =>
  new OperatingError("unsafe", "not confirmed: nothing was done");
