import { join } from "node:path";
import { describeError, OperatingError } from "../../base/errors.ts";
import type { Inventory } from "../../model/inventory.ts";
import { SignalTrap } from "../../platform/signal-trap.ts";
import { openRunFolder } from "../../store/run-folder.ts";
import type { Left } from "../../study/restore/restore.ts";
import type { ExitCode } from "../exit-code.ts";
import { exitCode, exitCodeOf, worst } from "../exit-code.ts";
import { holds, runFoldersIn } from "../history/run-folders.ts";
import { loadInventory } from "../load.ts";
import { restoreCluster } from "../restore/restore-cluster.ts";
import type { Restoring } from "../restore/restoring.ts";
import { restoreRun } from "../restore/restore-run.ts";
import { tellError } from "../say.ts";
import type { Terminal } from "../terminal.ts";

export interface RestoreOptions {
  readonly all?: boolean;
  readonly cluster?: string;
  readonly inventory?: string;
  readonly output: string;
  readonly now?: boolean;
}

/** Takes back what runs that did not end left behind. Safe to repeat. */
export async function restore(
  run: string | undefined,
  options: RestoreOptions,
  terminal: Terminal,
): Promise<ExitCode> {
  assertOneWay(run, options);
  const inventory = options.inventory === undefined ? null : await realInventory(options.inventory);
  const trap = new SignalTrap(() => process.exit(exitCode.notRestored));
  const how: Restoring = { terminal, now: options.now === true, stop: trap.signal };
  try {
    if (options.cluster !== undefined) {
      if (inventory === null)
        throw new OperatingError(
          "configuration",
          "--cluster needs --inventory <file>, which says how to reach it",
        );
      return told(options.cluster, await restoreCluster(options.cluster, inventory, how), how);
    }
    if (run !== undefined) return await one(await folderOf(run, options.output), inventory, how);
    const codes: ExitCode[] = [];
    for (const name of await runFoldersIn(options.output, JOURNAL)) {
      const folder = join(options.output, name);
      codes.push(
        await one(folder, inventory, how).catch((error: unknown) =>
          failed(folder, error, terminal),
        ),
      );
    }
    if (codes.length === 0) terminal.out(`${options.output} holds no runs\n`);
    return worst(...codes);
  } finally {
    trap.close();
  }
}

function assertOneWay(run: string | undefined, { all, cluster }: RestoreOptions): void {
  const ways = [run, all === true ? "--all" : undefined, cluster].filter(
    (each) => each !== undefined,
  );
  if (ways.length === 1) return;
  throw new OperatingError("configuration", "name one run, or --all, or --cluster <name>");
}

async function one(path: string, inventory: Inventory | null, how: Restoring): Promise<ExitCode> {
  return told(path, await restoreRun(await openRunFolder(path), inventory, how), how);
}

function told(what: string, left: readonly Left[] | null, { terminal, stop }: Restoring): ExitCode {
  if (left === null) terminal.out(`${what}: nothing is left to take back\n`);
  else if (left.length === 0) terminal.out(`${what}: everything is taken back\n`);
  else {
    const { red } = terminal.outColours;
    terminal.out(`${what}: ${red("not everything could be taken back")}\n`);
    for (const { what: act, why, byHand } of left) {
      terminal.out(`  - ${act}: ${why}\n    by hand: ${byHand}\n`);
    }
    const code = codeOfLeft(left);
    return stop.aborted ? worst(code, exitCode.interrupted) : code;
  }
  return exitCode.pass;
}

/** What was only refused is as it was: 4. */
export const codeOfLeft = (left: readonly Left[]): ExitCode =>
  left.every(({ refused }) => refused) ? exitCode.unsafe : exitCode.notRestored;

function failed(folder: string, error: unknown, terminal: Terminal): ExitCode {
  const code = exitCodeOf(error);
  tellError(terminal, `${folder}: ${describeError(error)}`, code);
  return code;
}

/** A run's folder, or its name below the reports. */
async function folderOf(run: string, reports: string): Promise<string> {
  return (await holds(run, JOURNAL)) ? run : join(reports, run);
}

/** By which a run is known here: without one nothing was begun. */
const JOURNAL = ["journal.ndjson"];

async function realInventory(file: string): Promise<Inventory> {
  const parsed = await loadInventory(file);
  if (parsed.kind === "inventory") return parsed.inventory;
  throw new OperatingError(
    "configuration",
    `${file}: it asks for a new lab, on which nothing is left; name the inventory of the run's clusters`,
  );
}
