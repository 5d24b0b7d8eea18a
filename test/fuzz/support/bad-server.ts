import { readFileSync } from "node:fs";
import type { AddressInfo, Server, Socket } from "node:net";
import { createServer } from "node:net";
import { createServer as createTlsServer, TLSSocket } from "node:tls";
import { gzipSync } from "node:zlib";

const fixtures = new URL("../../fixtures/pve-api/", import.meta.url);
const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

/** Writes `piece` as fast as it is read, until the connection ends. */
function flood(socket: Socket, piece: string | Buffer): void {
  const more = (): void => {
    while (!socket.destroyed && socket.write(piece));
  };
  socket.on("drain", more);
  more();
}

/** One byte of `text` every few milliseconds, then again from its start. */
function trickle(socket: Socket, text: string): void {
  let at = 0;
  const timer = setInterval(() => socket.write(text.charAt(at++ % text.length)), 5);
  socket.on("close", () => clearInterval(timer));
}

/** Under TLS, node cannot send a reset: the connection ends without the farewell that TLS has. */
function reset(socket: Socket): void {
  if (socket instanceof TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

let folded: Buffer | null = null;
const bomb = (): Buffer => (folded ??= gzipSync(Buffer.alloc(100 * 1024 * 1024, 0x20)));

const chunk = (body: Buffer | string): Buffer =>
  Buffer.concat([
    Buffer.from(`${body.length.toString(16)}\r\n`),
    Buffer.from(body),
    Buffer.from("\r\n"),
  ]);

/** What a server does with whoever has sent it a request; each is a promise that the server does not keep. */
export const manners: Readonly<Record<string, (socket: Socket) => void>> = {
  "says nothing": () => undefined,
  "resets the connection": reset,
  "closes without a word": (socket) => socket.end(),
  "closes in the middle": (socket) => socket.end(`${HEAD}Content-Length: 100\r\n\r\n{"da`),
  "resets in the middle": (socket) => {
    socket.write(`${HEAD}Content-Length: 100\r\n\r\n{"da`, () => reset(socket));
  },
  "lies about the length and says no more": (socket) => {
    socket.write(`${HEAD}Content-Length: 999999999999\r\n\r\n{"data":`);
  },
  "trickles a header": (socket) => {
    socket.write(HEAD);
    trickle(socket, "X-More: and more\r\n");
  },
  "trickles a body in chunks": (socket) => {
    socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    trickle(socket, "1\r\n \r\n");
  },
  "trickles a body of a length": (socket) => {
    socket.write(`${HEAD}Content-Length: 1000000\r\n\r\n`);
    trickle(socket, "[");
  },
  "floods with headers": (socket) => {
    socket.write(HEAD);
    flood(socket, "X-More: and more\r\n".repeat(1000));
  },
  "floods with one header": (socket) => {
    socket.write(`${HEAD}X-More: `);
    flood(socket, "x".repeat(65_536));
  },
  "floods with interim answers": (socket) => {
    flood(socket, "HTTP/1.1 100 Continue\r\n\r\n".repeat(1000));
  },
  "floods with a body": (socket) => {
    socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    flood(socket, chunk(" ".repeat(65_536)));
  },
  "floods with small chunks": (socket) => {
    socket.write(`${HEAD}Transfer-Encoding: chunked\r\n\r\n`);
    flood(socket, "1\r\n[\r\n".repeat(10_000));
  },
  "sends a little that unfolds to a lot": (socket) => {
    socket.write(`${HEAD}Content-Encoding: gzip\r\nConnection: close\r\n\r\n`);
    socket.end(bomb());
  },
  "redirects to itself": (socket) => {
    flood(socket, "HTTP/1.1 307 There\r\nLocation: /\r\nContent-Length: 0\r\n\r\n");
  },
  "switches protocols": (socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
  },
  "speaks something else": (socket) => flood(socket, Buffer.alloc(65_536, 0xa5)),
};

export interface BadServer {
  readonly port: number;
  close(): Promise<void>;
}

/** Takes connections, over TLS or not, and does `what` once something was said. */
export async function badServer(
  what: (socket: Socket) => void,
  secure: boolean,
): Promise<BadServer> {
  const sockets = new Set<Socket>();
  const serve = (socket: Socket): void => {
    sockets.add(socket);
    socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    // What else is said does not matter.
    socket.once("data", () => what(socket));
  };
  const server: Server = secure
    ? createTlsServer(
        {
          key: readFileSync(new URL("server.key", fixtures)),
          cert: readFileSync(new URL("server.pem", fixtures)),
        },
        serve,
      )
    : createServer(serve);
  server.on("tlsClientError", () => undefined);
  await new Promise<void>((resolve) => {
    server.listen(0, "127.0.0.1", resolve);
  });
  return {
    port: (server.address() as AddressInfo).port,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}
