import { execFile, spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";

/** In the environment of every process of a cluster, with its folder: that is how leftovers are found. */
export const MARK = "BLACKOUT_REAL_CLUSTER";

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
const LONGEST_MS = 60_000;

/** Runs a program to its end; what it prints. Rejects with what it complained about. */
export async function run(
  program: string,
  args: readonly string[],
  options: { readonly input?: string; readonly longestMs?: number } = {},
): Promise<string> {
  const limits = { timeout: options.longestMs ?? LONGEST_MS, maxBuffer: 64 * 1024 * 1024 };
  return await new Promise((resolve, reject) => {
    const child = execFile(
      program,
      args,
      { ...limits, killSignal: "SIGKILL", env: { PATH } },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout);
        else reject(new Error(`${program} ${args.join(" ")}: ${error.message} ${stderr}`));
      },
    );
    // A program that has ended without reading its input says why in its exit code.
    child.stdin?.on("error", () => undefined);
    child.stdin?.end(options.input ?? "");
  });
}

/** One process of the cluster that runs until it is ended. It dies with this process, however that dies. */
export class Daemon {
  readonly name: string;
  readonly #child: ChildProcess;
  readonly #ended: Promise<void>;

  /** `folder` is the cluster's; what the process prints goes to `logFile`. */
  constructor(
    name: string,
    command: readonly string[],
    options: { readonly folder: string; readonly logFile: string },
  ) {
    this.name = name;
    const log = openSync(options.logFile, "a");
    this.#child = spawn("setpriv", ["--pdeathsig", "KILL", "--", ...command], {
      env: { PATH, [MARK]: options.folder },
      stdio: ["ignore", log, log],
    });
    closeSync(log);
    this.#ended = new Promise((resolve, reject) => {
      this.#child.once("exit", () => resolve());
      this.#child.once("error", reject);
    });
    this.#ended.catch(() => undefined);
  }

  get pid(): number {
    if (this.#child.pid === undefined) throw new Error(`${this.name} could not be started`);
    return this.#child.pid;
  }

  get running(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** Resolves once it has ended, for whatever reason. */
  get ended(): Promise<void> {
    return this.#ended;
  }

  async kill(): Promise<void> {
    if (this.running) this.#child.kill("SIGKILL");
    await this.#ended;
  }
}

/** Asks again and again until the answer is not null. Rejects with `what` and the last error after `longestMs`. */
export async function until<T>(
  what: string,
  longestMs: number,
  ask: () => Promise<T | null> | T | null,
): Promise<T> {
  const end = performance.now() + longestMs;
  let last: unknown = "the answer was no";
  while (performance.now() < end) {
    try {
      const answer = await ask();
      if (answer !== null) return answer;
    } catch (error) {
      last = error;
    }
    await pause(50);
  }
  throw new Error(`${what}: not within ${longestMs / 1000} s: ${String(last)}`);
}
