import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { AwaitedRun } from "./until-struck.ts";
import { untilStruck } from "./until-struck.ts";

/** What a run wrote to its terminal: all of it, and as far as it was in the middle of an outage. */
export interface Recording {
  readonly inOutage: string;
  readonly whole: string;
}

export interface Screen {
  readonly columns: number;
  readonly rows: number;
}

/** The trial whose outage is shown: one of each arm is over by then. */
const TRIAL = "004-";
/** Half of a failover of Proxmox VE, at 60 times the speed. */
const HALF_MS = 1100;

/** What a user has in the folder that the run is started in. */
const BESIDE = ["experiments", "inventories", "data"];

/** Runs the thesis's study in a terminal of that size: `script` of util-linux gives it one. */
export async function recordRun({ columns, rows }: Screen): Promise<Recording> {
  const folder = await mkdtemp(join(tmpdir(), "blackout-pictures-"));
  try {
    for (const name of BESIDE) await symlink(resolve(name), join(folder, name));
    const run = `node ${resolve("dist/bin.js")} run experiments/thesis-failover.yaml --trials 2`;
    const { CI: _, NO_COLOR: __, ...environment } = process.env;
    const child = spawn(
      "script",
      ["-qfec", `stty cols ${columns} rows ${rows}; exec ${run}`, "/dev/null"],
      {
        cwd: folder,
        stdio: ["pipe", "pipe", "inherit"],
        env: { ...environment, TERM: "xterm-256color" },
      },
    );
    let whole = "";
    child.stdout.setEncoding("utf8").on("data", (text: string) => (whole += text));
    const ended = once(child, "close");
    const shown = inOutage({ reports: join(folder, "reports"), process: child }, () => whole);
    // Not to be waited for any longer: it heals as after Ctrl-C, and ends.
    shown.catch(() => child.kill("SIGTERM"));
    await ended;
    if (child.exitCode !== 0) throw new Error(`the run ended with ${child.exitCode}: ${whole}`);
    return { inOutage: await shown, whole };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What is there half an outage after the fault of that trial. */
async function inOutage(run: AwaitedRun, written: () => string): Promise<string> {
  await untilStruck(run, TRIAL);
  await sleep(HALF_MS);
  return written();
}
