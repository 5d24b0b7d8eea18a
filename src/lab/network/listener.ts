import type { Server, Socket } from "node:net";
import { createServer } from "node:net";
import { OperatingError } from "../../base/errors.ts";

/** One port of a living machine, and the connections that it accepted. */
export class Listener {
  readonly server: Server;
  readonly connections = new Set<Socket>();
  readonly #accept: (socket: Socket) => void;
  /** Connections taken while it stood still; null while it does not. */
  #waiting: Socket[] | null = null;

  constructor(accept: (socket: Socket) => void) {
    this.#accept = accept;
    this.server = createServer({ noDelay: true }, (socket) => {
      this.connections.add(socket);
      socket.on("error", () => undefined);
      socket.once("close", () => this.connections.delete(socket));
      if (this.#waiting === null) this.#accept(socket);
      else this.#waiting.push(socket);
    });
  }

  /** Looks at nothing that arrives; what its connections have yet to read stays with the kernel. */
  stall(): void {
    if (this.#waiting !== null) return;
    this.#waiting = [];
    for (const socket of this.connections) socket.pause();
  }

  resume(): void {
    const waiting = this.#waiting ?? [];
    if (this.#waiting === null) return;
    this.#waiting = null;
    const fresh = new Set(waiting);
    for (const socket of this.connections) if (!fresh.has(socket)) socket.resume();
    for (const socket of waiting) if (!socket.destroyed) this.#accept(socket);
  }

  async open(address: string, port: number): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const onError = (error: Error): void => {
        reject(
          new OperatingError(
            "environment",
            `Cannot serve a lab machine on ${address}:${port} as the port cannot be taken: ${error.message}`,
            { facts: { address, port }, cause: error },
          ),
        );
      };
      this.server.once("error", onError);
      this.server.listen({ host: address, port, exclusive: true }, () => {
        this.server.off("error", onError);
        this.server.on("error", () => undefined);
        resolve();
      });
    });
  }

  /** Closes the port and resets what it accepted. Where a grave shares the sockets, the wire hears nothing of it. */
  async close(): Promise<void> {
    await this.#close(cutOff);
  }

  /**
   * Closes the port and what it accepted, when the lab itself ends. No reset: TLS that is just ending a connection makes
   * libuv refuse it, unseen by the socket below, with what is told at `cutOff`.
   */
  async end(): Promise<void> {
    await this.#close((socket) => socket.destroy());
  }

  async #close(part: (socket: Socket) => void): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.server.close(() => resolve());
    });
    for (const socket of this.connections) part(socket);
    await closed;
  }
}

/**
 * Resets a connection, unless it is just being ended: libuv refuses the reset then, and Node (20.20) believes the
 * handle closed all the same, never closes it, and spins for ever when the process comes to its end.
 */
function cutOff(socket: Socket): void {
  if (socket.writableEnded && !socket.writableFinished) socket.destroy();
  else socket.resetAndDestroy();
}
