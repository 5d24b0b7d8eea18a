import { fork } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { OperatingError } from "../base/errors.ts";
import type { LabCommand } from "../lab/lab-cluster.ts";
import type { LabSpec } from "../model/lab.ts";
import { temporaryLabDirectory } from "./lab-host.ts";
import type { FromLab, ToLab } from "./lab-messages.ts";
import { manners } from "./surroundings.ts";

/** The embedded lab, running beside this process. */
export interface LabProcess {
  readonly inventoryPath: string;
  readonly control: (cluster: string, command: LabCommand) => Promise<void>;
  /** Ends the process and removes its folder. */
  readonly stop: () => Promise<void>;
}

/** How long a lab may take to answer its ports, in real time; it takes about a second. */
const START_LIMIT_MS = 30_000;
const STOP_LIMIT_MS = 5000;

export async function startLabProcess(spec: LabSpec): Promise<LabProcess> {
  const directory = await temporaryLabDirectory();
  const hear = manners.teller?.err ?? null;
  const child = fork(programFile(), ["lab", "serve"], {
    stdio: ["ignore", "ignore", hear === null ? "inherit" : "pipe", "ipc"],
    // Ctrl-C goes to the whole foreground group; a group of its own lets the lab outlive it until the cluster is healed.
    detached: true,
    env: labEnvironment(process.env),
  });
  if (hear !== null) child.stderr?.setEncoding("utf8").on("data", hear);
  const stop = async (): Promise<void> => {
    await end(child);
    await directory.remove();
  };
  try {
    tell(child, { kind: "start", spec, directory: directory.path });
    const ready = await firstAnswer(child);
    return { inventoryPath: ready.inventoryPath, control: controller(child), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** The built program: beside this file in dist, or the last build when this file runs from source. */
function programFile(): string {
  const beside = fileURLToPath(new URL("../bin.js", import.meta.url));
  return beside.includes("/src/") ? beside.replace("/src/", "/dist/") : beside;
}

/** What Node and the lab use of it. The user's secrets stand in this process's environment, and are none of the lab's. */
const labEnvironment = (environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries(
    Object.entries(environment).filter(([name]) =>
      /^(?:PATH|HOME|LANG|LC_[A-Z]+|TZ|TMPDIR|NODE_OPTIONS|NODE_V8_COVERAGE)$/u.test(name),
    ),
  );

const tell = (child: ChildProcess, message: ToLab): void => {
  if (child.connected) child.send(message);
};

async function firstAnswer(child: ChildProcess): Promise<Extract<FromLab, { kind: "ready" }>> {
  const message = await new Promise<FromLab>((resolve, reject) => {
    const fail = (why: string): void =>
      reject(new OperatingError("environment", `Cannot start the lab: ${why}`));
    const timer = setTimeout(fail, START_LIMIT_MS, "it does not answer");
    child.once("exit", (code) => fail(`its process ended at once (code ${String(code)})`));
    child.once("message", (answer: FromLab) => {
      clearTimeout(timer);
      resolve(answer);
    });
  });
  if (message.kind === "ready") return message;
  const detail = message.kind === "failed" ? message.message : "it answered out of turn";
  throw new OperatingError("environment", `Cannot start the lab: ${detail}`);
}

function controller(child: ChildProcess): LabProcess["control"] {
  let count = 0;
  return async (cluster, command) => {
    const id = ++count;
    await new Promise<void>((resolve, reject) => {
      const onMessage = (message: FromLab): void => {
        if (message.kind !== "controlled" || message.id !== id) return;
        child.off("message", onMessage);
        if (message.error === null) resolve();
        else reject(new OperatingError("environment", message.error));
      };
      child.on("message", onMessage);
      tell(child, { kind: "control", id, cluster, command });
    });
  };
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  // What it said last has then been read, too.
  const exited = once(child, "close", { signal: AbortSignal.timeout(STOP_LIMIT_MS) });
  tell(child, { kind: "stop" });
  try {
    await exited;
  } catch {
    child.kill("SIGKILL");
  }
}
