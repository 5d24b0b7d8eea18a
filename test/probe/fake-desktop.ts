import { once } from "node:events";
import type { Server } from "node:http";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { TlsOptions } from "node:tls";
import { WebSocketServer } from "ws";
import type { WebSocket } from "ws";

/** A desktop's other end, as a test wants it to behave. Written apart from the probe's own RFB. */
export interface FakeDesktop {
  readonly page_url: string;
  readonly websocket_url: string;
  readonly port: number;
  /** Connections that are open now. */
  readonly open: () => number;
  /** Host headers of pages and upgrades so far. */
  readonly hosts: string[];
  /** What clients sent after RFB's version, per WebSocket. */
  readonly sent: Buffer[];
  close(): Promise<void>;
}

export interface Behaviour {
  page?: (request: { url: string }) => { status: number; body: string };
  /** What happens after the upgrade; default: a whole RFB server. */
  speak?: (line: Line) => Promise<void>;
  /** Instead of an upgrade. */
  refuseUpgrade?: number;
  tls?: Pick<TlsOptions, "key" | "cert" | "SNICallback">;
}

export async function fakeDesktop(behaviour: Behaviour = {}): Promise<FakeDesktop> {
  const hosts: string[] = [];
  const sent: Buffer[] = [];
  const sockets = new Set<Socket>();
  const server: Server =
    behaviour.tls === undefined ? createServer() : createSecureServer(behaviour.tls);
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket)).on("error", () => undefined);
  });
  server.on("request", (request, response) => {
    hosts.push(request.headers.host ?? "");
    const page = behaviour.page?.({ url: request.url ?? "" }) ?? { status: 200, body: "noVNC" };
    response.writeHead(page.status).end(page.body);
  });
  const upgrades = new WebSocketServer({ noServer: true, handleProtocols: () => "binary" });
  server.on("upgrade", (request, socket, head) => {
    hosts.push(request.headers.host ?? "");
    socket.on("error", () => undefined);
    if (behaviour.refuseUpgrade !== undefined) {
      socket.end(`HTTP/1.1 ${behaviour.refuseUpgrade} No\r\nContent-Length: 0\r\n\r\n`);
      return;
    }
    upgrades.handleUpgrade(request, socket, head, (websocket) => {
      const line = new Line(websocket, socket);
      void (behaviour.speak ?? speakRfb())(line)
        .catch(() => undefined)
        .finally(() => sent.push(line.received));
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const s = behaviour.tls === undefined ? "" : "s";
  return {
    page_url: `http${s}://127.0.0.1:${port}/vnc.html`,
    websocket_url: `ws${s}://127.0.0.1:${port}/websockify`,
    port,
    open: () => sockets.size,
    hosts,
    sent,
    close: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** The server's side of a WebSocket, as a stream. */
export class Line {
  readonly websocket: WebSocket;
  /** Below the WebSocket, for what no library would send. */
  readonly socket: Duplex;
  received = Buffer.alloc(0);
  #read = 0;
  #wake: () => void = () => undefined;
  #closed = false;

  constructor(websocket: WebSocket, socket: Duplex) {
    this.websocket = websocket;
    this.socket = socket;
    websocket.on("error", () => undefined);
    websocket.on("message", (data: Buffer) => {
      this.received = Buffer.concat([this.received, data]);
      this.#wake();
    });
    websocket.on("close", () => {
      this.#closed = true;
      this.#wake();
    });
  }

  async read(count: number): Promise<Buffer> {
    while (this.received.length < this.#read + count) {
      if (this.#closed) throw new Error("closed");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    this.#read += count;
    return this.received.subarray(this.#read - count, this.#read);
  }

  send(...parts: readonly (Buffer | readonly number[] | string)[]): void {
    const bytes = parts.map((part) =>
      typeof part === "string" ? Buffer.from(part) : Buffer.from(part as Buffer),
    );
    this.websocket.send(Buffer.concat(bytes));
  }
}

export interface RfbBehaviour {
  version?: string;
  /** Offered security types. */
  security?: readonly number[];
  /** The one right answer to the challenge 0..15. */
  answer?: Buffer;
  name?: string;
  width?: number;
  height?: number;
  /** Colour at a point, 24 bits. */
  colour?: (x: number, y: number) => number;
  /** Sent before each update. */
  aside?: Buffer;
}

export const challenge = Buffer.from(Array.from({ length: 16 }, (_, index) => index));
export const u16 = (value: number): Buffer => Buffer.from([value >> 8, value & 255]);
export const u32 = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value | 0);
  return bytes;
};
export const text = (value: string): Buffer =>
  Buffer.concat([u32(value.length), Buffer.from(value)]);
const stripes = (x: number): number => (x % 2 === 0 ? 0xff0000 : 0x0000ff);

export function speakRfb(behaviour: RfbBehaviour = {}): (line: Line) => Promise<void> {
  const { width = 640, height = 480, name = "desktop-1", version = "003.008" } = behaviour;
  return async (line) => {
    line.send(`RFB ${version}\n`);
    const agreed = (await line.read(12)).toString().slice(4, 11);
    const offered = behaviour.security ?? [1];
    let security = offered[0] ?? 0;
    if (agreed === "003.003") line.send(u32(security));
    else {
      line.send([offered.length, ...offered]);
      security = (await line.read(1))[0] ?? 0;
    }
    if (security === 2) {
      line.send(challenge);
      const right = behaviour.answer?.equals(await line.read(16)) === true;
      if (!right) {
        line.send(u32(1), agreed === "003.008" ? text("Authentication failure") : []);
        line.websocket.close(1000);
        return;
      }
    }
    if (security === 2 || agreed === "003.008") line.send(u32(0));
    await line.read(1);
    const format = [32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0];
    line.send(u16(width), u16(height), format, text(name));
    for (;;) await answer(line, behaviour);
  };
}

async function answer(line: Line, behaviour: RfbBehaviour): Promise<void> {
  const type = (await line.read(1))[0];
  if (type === 0) await line.read(19);
  if (type === 2) await line.read(4 * (await line.read(3)).readUInt16BE(1));
  if (type !== 3) return;
  const wanted = await line.read(9);
  const [x, y, w, h] = [1, 3, 5, 7].map((at) => wanted.readUInt16BE(at)) as [
    number,
    number,
    number,
    number,
  ];
  const pixels = Buffer.alloc(w * h * 4);
  for (let index = 0; index < w * h; index++) {
    const colour = (behaviour.colour ?? stripes)(x + (index % w), y + Math.floor(index / w));
    pixels.writeUInt32LE((colour | 0x5500_0000) >>> 0, index * 4);
  }
  if (behaviour.aside !== undefined) line.send(behaviour.aside);
  line.send([0, 0], u16(1), u16(x), u16(y), u16(w), u16(h), u32(0), pixels);
}
