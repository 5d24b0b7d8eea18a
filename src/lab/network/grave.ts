import type { ChildProcess } from "node:child_process";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { OperatingError } from "../../base/errors.ts";

/**
 * Keeps the sockets of a dead machine open without anybody behind them.
 *
 * The tricky part of playing a power cut: a socket that a process closes says goodbye (FIN or RST), and Node cannot stop
 * accepting. So the descriptors are handed to a process that does nothing (`cat` on an empty pipe); the lab then
 * closes its own, and the kernel, for which the sockets are still open, says nothing to anybody.
 * When the lab dies, the pipe ends, and `cat` with it: no process and no port is left behind.
 */
export class Grave {
  readonly #keeper: ChildProcess;

  /** Takes a share in the descriptors at once; the caller closes its own in the same turn of the event loop. */
  constructor(descriptors: readonly number[]) {
    this.#keeper = spawn("cat", [], {
      stdio: ["pipe", "ignore", "ignore", ...descriptors],
      env: {},
      cwd: "/",
      // Out of the reach of a Ctrl-C that the lab itself survives.
      detached: true,
    });
    this.#keeper.on("error", () => undefined);
    this.#keeper.stdin?.on("error", () => undefined);
    this.#keeper.unref();
    if (this.#keeper.pid === undefined) {
      throw new OperatingError(
        "environment",
        "Cannot silence a lab machine as its sockets cannot be handed over: starting `cat` failed. " +
          "It belongs to every Linux; look at PATH and at the limit of processes (ulimit -u).",
      );
    }
  }

  /** Closes the sockets for good; resolves when their ports are free. */
  async open(): Promise<void> {
    if (this.#keeper.exitCode !== null || this.#keeper.signalCode !== null) return;
    this.#keeper.ref();
    const gone = once(this.#keeper, "exit");
    this.#keeper.kill("SIGKILL");
    await gone;
  }
}
