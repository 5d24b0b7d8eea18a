import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { vi } from "vitest";

/** Longer than any of them needs to start on a busy machine. */
const START_LIMIT_MS = 20_000;

/** A folder of its own, and the programs that were started in it. */
export class Programs {
  readonly folder: string;
  readonly #children: ChildProcess[] = [];

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** Starts something with programs in a new folder; when that fails, nothing is left of them. */
  static async start<T>(start: (programs: Programs) => Promise<T>): Promise<T> {
    const programs = new Programs(await mkdtemp(join(tmpdir(), "blackout-probe-")));
    try {
      return await start(programs);
    } catch (error) {
      await programs.stop();
      throw error;
    }
  }

  /** Its descriptor 3 and standard input are pipes. */
  run(program: string, arguments_: readonly string[]): ChildProcess {
    const child = spawn(program, arguments_, {
      stdio: ["pipe", "ignore", "ignore", "pipe"],
      cwd: this.folder,
    });
    child.on("error", () => undefined);
    child.stdin?.on("error", () => undefined);
    this.#children.push(child);
    return child;
  }

  /** The last one first. */
  async stop(): Promise<void> {
    for (const child of this.#children.splice(0).toReversed()) await end(child);
    await rm(this.folder, { recursive: true, force: true });
  }
}

export async function end(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, "exit");
  child.kill("SIGKILL");
  await exited;
}

/** The first line that `child` writes to descriptor 3. */
export async function lineFrom(child: ChildProcess): Promise<string> {
  const pipe = child.stdio[3] as Readable;
  const exited = once(child, "exit").then(() => {
    throw new Error(`${child.spawnfile} ended at once`);
  });
  const [line] = (await Promise.race([once(pipe, "data"), exited])) as [Buffer];
  return line.toString().trim();
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return port;
}

/** Resolves when somebody listens: one TCP connection only gets through, since Xvnc counts them. */
export async function answering(port: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect").finally(() => socket.destroy());
    },
    { timeout: START_LIMIT_MS, interval: 50 },
  );
}

/** Resolves when nobody listens any more: a program's children may hold its socket a little longer than it lives. */
export async function refusing(port: number): Promise<void> {
  await vi.waitFor(
    async () => {
      const socket = connect(port, "127.0.0.1");
      const refused = once(socket, "connect").then(
        () => false,
        () => true,
      );
      if (!(await refused.finally(() => socket.destroy()))) throw new Error(`${port} is open`);
    },
    { timeout: START_LIMIT_MS, interval: 50 },
  );
}
