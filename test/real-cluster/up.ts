import { parseArgs } from "node:util";
import type { NodeTimings } from "./control-plane.ts";
import { DEFAULT_TIMINGS } from "./control-plane.ts";
import { inventoryPath } from "./inventory.ts";
import { powerSocket, RealCluster } from "./real-cluster.ts";
import { leftovers } from "./leftovers.ts";
import { whyNoRealCluster } from "./requirements.ts";
import { clean, takeSlot } from "./slot.ts";

/**
 * The process that a real cluster lives in. It prints one line of JSON when the cluster is up, and removes all of it
 * when it is told to stop: by Ctrl-C, by SIGTERM, or (`--while-input`) by the end of its standard input, which comes
 * however its parent dies. Its children die with it, and the next start removes what else a killed one leaves.
 */
const { values } = parseArgs({
  options: {
    "while-input": { type: "boolean", default: false },
    "monitor-period-ms": { type: "string" },
    "monitor-grace-ms": { type: "string" },
  },
});

const began = performance.now();
const tell = (step: string): void => {
  const seconds = ((performance.now() - began) / 1000).toFixed(1);
  process.stderr.write(`${seconds.padStart(6)} s  ${step}\n`);
};

const reason = whyNoRealCluster();
if (reason === null) await live();
else {
  process.stderr.write(`${reason}\n`);
  process.exitCode = 2;
}

async function live(): Promise<void> {
  const stopping = untilTold();
  const layout = await takeSlot();
  tell(`building a cluster in ${layout.folder}`);
  const cluster = new RealCluster(layout);
  const timings = {
    node_monitor_period_ms: Number(
      values["monitor-period-ms"] ?? DEFAULT_TIMINGS.node_monitor_period_ms,
    ),
    node_monitor_grace_ms: Number(
      values["monitor-grace-ms"] ?? DEFAULT_TIMINGS.node_monitor_grace_ms,
    ),
  };
  const starting = bringUp(cluster, timings);
  try {
    await Promise.race([starting, stopping]);
    await stopping;
  } catch (error) {
    tell(`could not be started: ${String(error)}`);
    process.exitCode = 1;
    if (process.env["BLACKOUT_KEEP_LOGS"] !== undefined) await stopping;
  } finally {
    tell("stopping");
    starting.catch(() => undefined);
    await cluster.stop().catch((error: unknown) => fail(`could not be stopped: ${String(error)}`));
    await clean(layout).catch((error: unknown) => fail(`could not be removed: ${String(error)}`));
    for (const thing of await leftovers(layout)) fail(`left behind: ${thing}`);
    tell("stopped");
  }
  // A start that was interrupted may still wait for something.
  process.exit();
}

async function bringUp(cluster: RealCluster, timings: NodeTimings): Promise<void> {
  await cluster.start(timings, tell);
  const { slot, folder } = cluster.layout;
  const up = { slot, folder, inventory: inventoryPath(folder), power: powerSocket(folder) };
  process.stdout.write(`${JSON.stringify(up)}\n`);
}

function fail(what: string): void {
  tell(what);
  process.exitCode = 1;
}

async function untilTold(): Promise<void> {
  await new Promise<void>((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      process.on(signal, () => resolve());
    }
    if (!values["while-input"]) return;
    process.stdin.on("end", resolve).on("close", resolve).on("error", resolve).resume();
  });
}
