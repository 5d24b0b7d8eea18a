import { rm } from "node:fs/promises";
import { counted } from "../../base/counted.ts";
import { describeError } from "../../base/errors.ts";
import { inMs } from "../../base/time.ts";
import type { RunningLab } from "../../lab/world/start-lab.ts";
import { hostLab } from "../lab-host.ts";
import type { Terminal } from "../terminal.ts";
import type { FromLab, ToLab } from "../lab-messages.ts";

/**
 * The lab as a process of its own, so that its load does not sit on the probe's event loop. It speaks with its parent
 * over the process channel, and ends when that closes: nothing is left behind by a parent that died.
 */
export async function serveLab(terminal: Terminal): Promise<void> {
  if (process.send === undefined) {
    throw new Error("`blackout lab serve` is started by blackout itself; use `blackout lab up`");
  }
  const served: Served = { lab: Promise.resolve(null), directory: null };
  await new Promise<void>((resolve) => {
    // The parent decides when the lab ends: a Ctrl-C reaches both, and the parent still has to heal.
    process.on("SIGINT", () => undefined);
    process.on("SIGTERM", () => undefined);
    process.once("disconnect", resolve);
    process.on("message", (message: ToLab) => {
      if (message.kind === "stop") resolve();
      else obey(message, served);
    });
  });
  // A lab that is still starting would keep this process alive once it has: it ends like any other.
  const lab = await served.lab;
  if (lab !== null) await end(lab, terminal);
  if (process.connected) process.disconnect();
  else if (served.directory !== null) await removeForParent(served.directory);
}

interface Served {
  lab: Promise<RunningLab | null>;
  directory: string | null;
}

function obey(message: Exclude<ToLab, { kind: "stop" }>, served: Served): void {
  switch (message.kind) {
    case "start":
      served.directory = message.directory;
      served.lab = start(message);
      return;
    case "control": {
      const { id } = message;
      void control(message, served.lab).then((error) => send({ kind: "controlled", id, error }));
    }
  }
}

/** A parent that has died removes nothing any more, and here are keys. */
const removeForParent = async (directory: string): Promise<void> =>
  await rm(directory, { recursive: true, force: true });

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
  starting: Promise<RunningLab | null>,
): Promise<string | null> {
  try {
    const lab = await starting;
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

/** A run that trusts the clock's floors must be told when they did not hold. */
function admitLateness(lab: RunningLab, terminal: Terminal): void {
  const { speed } = lab;
  const { worst, times } = lab.lateness();
  if (times === 0 || !process.connected) return;
  const realMs = (inMs(worst) / speed).toFixed(0);
  terminal.err(
    `lab: warning: events were up to ${realMs} ms (real) late, ${counted(times, "time")}: the machine was too busy for speed ${speed}; intervals may be too narrow. Lower --speed, or see \`blackout lab selftest\`\n`,
  );
}

async function end(lab: RunningLab, terminal: Terminal): Promise<void> {
  admitLateness(lab, terminal);
  try {
    await lab.close();
  } catch (error) {
    terminal.err(`lab: ${describeError(error)}\n`);
  }
}
