import { describeError } from "../../base/errors.ts";
import type { RunningLab } from "../../lab/world/start-lab.ts";
import { hostLab } from "../lab-host.ts";
import type { FromLab, ToLab } from "../lab-messages.ts";

/**
 * The lab as a process of its own, so that its load does not sit on the probe's event loop. It speaks with its parent
 * over the process channel, and ends when that closes: nothing is left behind by a parent that died.
 */
export async function serveLab(): Promise<void> {
  if (process.send === undefined) {
    throw new Error("`blackout lab serve` is started by blackout itself; use `blackout lab up`");
  }
  let lab: RunningLab | null = null;
  await new Promise<void>((resolve) => {
    // The parent decides when the lab ends: a Ctrl-C reaches both, and the parent still has to heal.
    process.on("SIGINT", () => undefined);
    process.on("SIGTERM", () => undefined);
    process.once("disconnect", resolve);
    process.on("message", (message: ToLab) => {
      if (message.kind === "stop") resolve();
      else {
        void answer(message, lab).then((started) => (lab = started), resolve);
      }
    });
  });
  await closeQuietly(lab);
  if (process.connected) process.disconnect();
}

async function answer(
  message: Exclude<ToLab, { kind: "stop" }>,
  lab: RunningLab | null,
): Promise<RunningLab | null> {
  switch (message.kind) {
    case "start":
      return await start(message);
    case "control":
      send({ kind: "controlled", id: message.id, error: await control(message, lab) });
      return lab;
  }
}

async function start(message: Extract<ToLab, { kind: "start" }>): Promise<RunningLab | null> {
  try {
    const lab = await hostLab(message.spec, message.directory);
    send({ kind: "ready", inventoryPath: lab.inventoryPath, howTo: lab.howTo });
    return lab;
  } catch (error) {
    send({ kind: "failed", message: describeError(error) });
    return null;
  }
}

async function control(
  message: Extract<ToLab, { kind: "control" }>,
  lab: RunningLab | null,
): Promise<string | null> {
  try {
    if (lab === null) throw new Error("the lab has not started");
    await lab.control(message.cluster, message.command);
    return null;
  } catch (error) {
    return describeError(error);
  }
}

function send(message: FromLab): void {
  if (process.connected) process.send?.(message);
}

async function closeQuietly(lab: RunningLab | null): Promise<void> {
  try {
    await lab?.close();
  } catch (error) {
    process.stderr.write(`lab: ${describeError(error)}\n`);
  }
}
