import { once } from "node:events";
import { OperatingError } from "../../base/errors.ts";
import type { LabSpec } from "../../model/lab.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCode } from "../exit-code.ts";
import { hostLab, temporaryLabDirectory } from "../lab-host.ts";
import { loadInventory, withSpeed } from "../load.ts";
import type { Terminal } from "../terminal.ts";

export interface LabUpOptions {
  readonly inventory: string;
  readonly speed?: number;
  readonly directory?: string;
}

/** Runs a lab in the foreground until Ctrl-C, and leaves nothing behind. */
export async function labUp(options: LabUpOptions, terminal: Terminal): Promise<ExitCode> {
  const spec = withSpeed(await labSpecIn(options.inventory), options);
  const directory =
    options.directory === undefined
      ? await temporaryLabDirectory()
      : { path: options.directory, remove: () => Promise.resolve() };
  const ended = Promise.race([once(process, "SIGINT"), once(process, "SIGTERM")]);
  const lab = await hostLab(spec, directory.path);
  try {
    const { bold, dim } = terminal.outColours;
    terminal.out(
      `${bold(`A lab is up`)} with ${spec.clusters.map((cluster) => cluster.name).join(" and ")}, ${spec.speed}x as fast as life. It is played: nothing real is touched.\n\n`,
    );
    for (const { title, command } of lab.howTo) {
      terminal.out(`${bold(title)}\n${command}\n\n`);
    }
    terminal.out(
      `${bold("blackout itself, from another terminal")}\nblackout run experiments/thesis-failover.yaml --inventory ${lab.inventoryPath}\n\n${dim("Ctrl-C ends the lab.")}\n`,
    );
    await ended;
  } finally {
    await lab.close();
    await directory.remove();
  }
  return exitCode.pass;
}

/** The lab section of an inventory file. */
export async function labSpecIn(file: string): Promise<LabSpec> {
  const parsed = await loadInventory(file);
  if (parsed.kind === "lab") return parsed.lab;
  throw new OperatingError(
    "configuration",
    `${file}: it describes real clusters; a lab needs an inventory with a lab section, such as inventories/lab.yaml`,
  );
}
