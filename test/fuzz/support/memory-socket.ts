import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import type { buildConnector } from "undici";

/** What a server sends upon one request, and then it closes the connection. */
export type Serve = (request: string) => readonly Buffer[];

/** A connection without a network: when a request is complete, what `serve` says comes back, and then the end. */
class MemorySocket extends Duplex {
  readonly #serve: Serve;
  #heard = "";
  #served = false;

  constructor(serve: Serve) {
    super();
    this.#serve = serve;
  }

  override _write(chunk: Buffer, _encoding: string, done: () => void): void {
    this.#heard += chunk.toString("latin1");
    done();
    if (this.#served || !isComplete(this.#heard)) return;
    this.#served = true;
    queueMicrotask(() => {
      for (const piece of this.#serve(this.#heard)) this.push(piece);
      this.push(null);
    });
  }

  override _read(): void {
    // It is pushed when it is there.
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  setTimeout(): this {
    return this;
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

export const memorySocket = (serve: Serve): Socket => new MemorySocket(serve) as unknown as Socket;

/** For undici: every connection is one of memory. */
export const memoryConnect =
  (serve: Serve): buildConnector.connector =>
  (_options, callback) => {
    // Undici does not expect it at once.
    queueMicrotask(() => callback(null, memorySocket(serve)));
  };

function isComplete(request: string): boolean {
  const head = request.indexOf("\r\n\r\n");
  if (head < 0) return false;
  const length = /\r\ncontent-length: (\d+)/iu.exec(request.slice(0, head))?.[1] ?? "0";
  return request.length >= head + 4 + Number(length);
}
