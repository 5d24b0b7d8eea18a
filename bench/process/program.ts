import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import type { z } from "zod";
import { OperatingError } from "../../src/base/errors.ts";
import { present } from "../../src/base/assert.ts";

/** A program of the bench that runs as a process of its own: its order is its one argument, its words are lines of JSON. */
export interface Program<Line> {
  readonly lines: AsyncIterable<Line>;
  readonly say: (line: unknown) => void;
  /** Tells it that nobody listens any more, and waits for its end. */
  readonly end: () => Promise<void>;
}

/** A program that does not end by itself when its input does is ended after this time, in milliseconds. */
const PATIENCE_MS = 20_000;

/** `file` is relative to the bench's folder. `core`: the one processor that it may use; null: any. */
export function startProgram<Line>(
  file: string,
  order: unknown,
  options: { readonly speaks: z.ZodType<Line>; readonly core: number | null },
): Program<Line> {
  const path = new URL(`../${file}`, import.meta.url).pathname;
  const words = [process.execPath, path, JSON.stringify(order)];
  const [command = "", ...rest] =
    options.core === null ? words : ["taskset", "-c", `${options.core}`, ...words];
  const child = spawn(command, rest, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = endOf(child, file);
  // Whoever reads its lines or waits for its end hears of it.
  ended.catch(() => undefined);
  const input = present(child.stdin, "the program's input");
  input.on("error", () => undefined);
  return {
    lines: linesOf(child, options.speaks, ended),
    say: (line) => void input.write(`${JSON.stringify(line)}\n`),
    end: async () => {
      input.end();
      const timer = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
      await ended.finally(() => clearTimeout(timer));
    },
  };
}

async function* linesOf<Line>(
  child: ChildProcess,
  speaks: z.ZodType<Line>,
  ended: Promise<void>,
): AsyncIterable<Line> {
  const output = present(child.stdout, "the program's output");
  for await (const line of createInterface({ input: output })) yield speaks.parse(JSON.parse(line));
  await ended;
}

async function endOf(child: ChildProcess, file: string): Promise<void> {
  await once(child, "close");
  if (child.exitCode === 0) return;
  throw new OperatingError(
    "environment",
    `Cannot go on with the bench as ${file} ended with ${child.exitCode ?? child.signalCode ?? "nothing"}`,
  );
}
