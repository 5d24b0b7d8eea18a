import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { harnessProgram } from "./compile.ts";
import type { NodeTimings } from "./control-plane.ts";
import { DEFAULT_TIMINGS } from "./control-plane.ts";
import { layoutOf } from "./layout.ts";
import { leftovers } from "./leftovers.ts";
import { askPower } from "./power-client.ts";

/** Where a running cluster is found; plain data, so that it can be handed from one process to another. */
export interface ClusterPlace {
  readonly slot: number;
  /** Holds logs, and `credentials/admin.kubeconfig`. */
  readonly folder: string;
  readonly inventory: string;
  /** The power controller's socket. */
  readonly power: string;
}

export interface StartedCluster {
  readonly place: ClusterPlace;
  /** Removes all of it. Rejects when something is left behind, or when it did not end well. */
  readonly stop: () => Promise<void>;
}

const place = z.object({
  slot: z.int(),
  folder: z.string(),
  inventory: z.string(),
  power: z.string(),
});

const LONGEST_STOP_MS = 60_000;

/**
 * Starts a cluster in a process of its own (`compileHarness` came first), which ends with this one, however this one dies.
 * Resolves when all workers are Ready; what is done meanwhile is told on standard error.
 */
export async function startRealCluster(
  timings: NodeTimings = DEFAULT_TIMINGS,
): Promise<StartedCluster> {
  const child = spawn(
    process.execPath,
    [
      harnessProgram,
      "--while-input",
      `--monitor-period-ms=${timings.node_monitor_period_ms}`,
      `--monitor-grace-ms=${timings.node_monitor_grace_ms}`,
    ],
    // A session of its own: Ctrl-C reaches this process, which then closes its input.
    { stdio: ["pipe", "pipe", "inherit"], detached: true },
  );
  const ended = once(child, "exit");
  const up = await firstLine(child, ended);
  return {
    place: up,
    stop: async () => {
      child.stdin.end();
      const tooLong = setTimeout(() => child.kill("SIGKILL"), LONGEST_STOP_MS);
      await ended;
      clearTimeout(tooLong);
      const left = await leftovers(layoutOf(up.slot));
      if (left.length > 0) throw new Error(`the real cluster left behind: ${left.join("\n")}`);
      if (child.exitCode !== 0) throw new Error("the real cluster did not end well; see above");
    },
  };
}

async function firstLine(child: ChildProcess, ended: Promise<unknown>): Promise<ClusterPlace> {
  if (child.stdout === null) throw new Error("no output to read");
  let text = "";
  child.stdout.on("data", (chunk: Buffer) => (text += chunk.toString()));
  while (!text.includes("\n")) {
    await Promise.race([once(child.stdout, "data"), ended]);
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error("the real cluster could not be started; see above");
    }
  }
  return place.parse(JSON.parse(text));
}

/** Restarts the controller-manager with other timings; the inventory then says so too. */
export async function restartControllerManager(
  { power }: ClusterPlace,
  timings: NodeTimings,
): Promise<void> {
  const { node_monitor_period_ms: period, node_monitor_grace_ms: grace } = timings;
  await askPower(power, `controller-manager restart ${period} ${grace}`);
}

/** Resolves when every worker is Ready and pods may go to it. */
export async function untilAllReady({ power }: ClusterPlace): Promise<void> {
  await askPower(power, "cluster wait-ready");
}
