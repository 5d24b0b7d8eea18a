import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { WebSocket, WebSocketServer } from "ws";
import type { DesktopStream } from "../../../src/contracts/viewing.ts";

/** ServerInit of 800 x 600 pixels, by a desktop that means no good. */
function serverInit(name = "guest \u001b[31mboot 1\u202e"): Buffer {
  const text = Buffer.from(name);
  const fixed = Buffer.alloc(24);
  fixed.writeUInt16BE(800, 0);
  fixed.writeUInt16BE(600, 2);
  fixed.writeUInt32BE(text.length, 20);
  return Buffer.concat([fixed, text]);
}

/** A desktop's end of a view, played by a test. */
export class FakeStream implements DesktopStream {
  readonly init = serverInit();
  readonly sent: Buffer[] = [];
  readonly pauses: boolean[] = [];
  closed = false;
  readonly ended: Promise<void>;
  #end = (): void => undefined;
  #take: (bytes: Uint8Array) => void = () => undefined;

  /** @param signal ends it, as a real one's closes its sockets */
  constructor(signal: AbortSignal) {
    signal.addEventListener("abort", () => {
      this.close();
    });
    this.ended = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  send(bytes: Uint8Array): void {
    this.sent.push(Buffer.from(bytes));
  }

  onBytes(take: (bytes: Uint8Array) => void): void {
    this.#take = take;
  }

  pause(paused: boolean): void {
    this.pauses.push(paused);
  }

  close(): void {
    this.closed = true;
    this.#end();
  }

  /** The desktop sends something. */
  gives(bytes: Uint8Array): void {
    this.#take(bytes);
  }

  /** The desktop breaks. */
  breaks(): void {
    this.#end();
  }
}

/** A browser's end of a view, played by a test. */
export class FakeBrowser {
  readonly socket: WebSocket;
  received: Buffer = Buffer.alloc(0);
  readonly closed: Promise<number>;

  constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on("message", (data: Buffer) => {
      this.received = Buffer.concat([this.received, data]);
    });
    this.closed = once(socket, "close").then(([code]) => Number(code));
  }

  send(...bytes: readonly number[]): void {
    this.socket.send(Buffer.from(bytes));
  }

  /** What noVNC says, without waiting for answers. */
  greets(): void {
    this.socket.send(Buffer.from("RFB 003.008\n"));
    this.send(1);
    this.send(1);
  }
}

/** Real sockets between browsers and whoever watches over them. */
export async function socketsTo(watch: (socket: WebSocket) => void): Promise<{
  readonly connect: () => Promise<FakeBrowser>;
  readonly close: () => Promise<void>;
}> {
  const server = createServer();
  const sockets = new WebSocketServer({ server });
  sockets.on("connection", watch);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    connect: async () => {
      const browser = new FakeBrowser(new WebSocket(`ws://127.0.0.1:${port}`));
      await once(browser.socket, "open");
      return browser;
    },
    close: async () => {
      for (const socket of sockets.clients) socket.terminate();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}
