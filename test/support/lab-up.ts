import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./lab-child.ts";

export interface LabUp {
  readonly directory: string;
  /** The printed lines under the title that begins so. */
  readonly line: (title: string) => string;
  /** Ctrl-C; resolves to the exit code, or null when it took too long and was killed. */
  readonly stop: () => Promise<number | null>;
}

const STOP_LIMIT_MS = 10_000;
const LAST_LINE = "Ctrl-C ends the lab.";

/** `blackout lab up` as a user starts it, and what it printed. */
export async function startLabUp(): Promise<LabUp> {
  const directory = await mkdtemp(join(tmpdir(), "blackout-lab-up-"));
  const program = join(root, "dist/bin.js");
  const args = [program, "lab", "up", "--speed", "60", "--directory", directory];
  const child = spawn(process.execPath, args, { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
  const ended = once(child, "close");
  const stop = async (): Promise<number | null> => {
    child.kill("SIGINT");
    const tooLong = setTimeout(() => child.kill("SIGKILL"), STOP_LIMIT_MS);
    await ended;
    clearTimeout(tooLong);
    await rm(directory, { recursive: true, force: true });
    return child.exitCode;
  };
  let printed = "";
  for await (const chunk of child.stdout) {
    printed += String(chunk);
    if (printed.includes(LAST_LINE)) break;
  }
  if (!printed.includes(LAST_LINE)) throw new Error(`the lab printed only: ${printed}`);
  return { directory, line: (title) => lineUnder(printed, title), stop };
}

function lineUnder(printed: string, title: string): string {
  const block = printed.split("\n\n").find((each) => each.startsWith(title));
  const line = block?.slice(block.indexOf("\n") + 1).trim();
  if (line === undefined || line === "") throw new Error(`nothing is printed under "${title}"`);
  return line;
}
