import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { root } from "./lab-child.ts";

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** The built program as a user runs it, in the project's folder. */
export async function runCli(args: readonly string[], environment = {}): Promise<Finished> {
  return await startCli(args, environment).finished;
}

export function startCli(
  args: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): {
  readonly child: ChildProcess;
  readonly finished: Promise<Finished>;
  /** What it has said so far. */
  readonly out: () => string;
  readonly err: () => string;
} {
  const child = spawn(process.execPath, [join(root, "dist/bin.js"), ...args], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let [out, err] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (err += chunk.toString()));
  const finished = once(child, "close").then(() => ({ code: child.exitCode, out, err }));
  return { child, finished, out: () => out, err: () => err };
}
