import { createCipheriv } from "node:crypto";
import { WebSocket } from "ws";

/** A VNC client for tests, written apart from the server: WebSocket, handshake, updates in Raw. */
export class MiniVnc {
  readonly socket: WebSocket;
  readonly closed: Promise<{ code: number; reason: string }>;
  #bytes = Buffer.alloc(0);
  #wake = (): void => undefined;
  #open = true;

  constructor(url: string) {
    this.socket = new WebSocket(url, "binary");
    this.socket.on("message", (data: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, data]);
      this.#wake();
    });
    this.socket.on("error", () => undefined);
    this.closed = new Promise((resolve) => {
      this.socket.once("close", (code, reason) => {
        this.#open = false;
        this.#wake();
        resolve({ code, reason: reason.toString() });
      });
    });
  }

  get buffered(): number {
    return this.#bytes.length;
  }

  send(...parts: readonly (Buffer | readonly number[] | string)[]): void {
    const bytes = parts.map((part) =>
      typeof part === "string" ? Buffer.from(part, "latin1") : Buffer.from(part),
    );
    this.socket.send(Buffer.concat(bytes));
  }

  async read(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) {
      if (!this.#open) throw new Error("closed");
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  /** Up to ServerInit; resolves with the desktop's name and size, or what the server said against it. */
  async handshake(
    password: string | null,
  ): Promise<{ name: string; width: number; height: number }> {
    if ((await this.read(12)).toString() !== "RFB 003.008\n") throw new Error("not RFB 3.8");
    this.send("RFB 003.008\n");
    const types = await this.read((await this.read(1)).readUInt8(0));
    const type = password === null ? 1 : 2;
    if (!types.includes(type)) throw new Error(`offers ${[...types].join()}`);
    this.send([type]);
    if (password !== null) this.send(vncResponse(await this.read(16), password));
    if ((await this.read(4)).readUInt32BE() !== 0) {
      throw new Error((await this.read((await this.read(4)).readUInt32BE())).toString());
    }
    this.send([1]);
    const init = await this.read(24);
    const name = (await this.read(init.readUInt32BE(20))).toString();
    return { name, width: init.readUInt16BE(0), height: init.readUInt16BE(2) };
  }

  request(incremental: boolean, ...area: readonly [number, number, number, number]): void {
    const bytes = Buffer.alloc(10);
    bytes.set([3, incremental ? 1 : 0]);
    for (const [index, value] of area.entries()) bytes.writeUInt16BE(value, 2 + 2 * index);
    this.send(bytes);
  }

  /** The rectangles of the next update. */
  async update(bytesPerPixel = 4): Promise<readonly Piece[]> {
    const count = (await this.read(4)).readUInt16BE(2);
    const pieces: Piece[] = [];
    for (let index = 0; index < count; index++) {
      const head = await this.read(12);
      const [x, y, width, height] = [0, 2, 4, 6].map((at) => head.readUInt16BE(at)) as [
        number,
        number,
        number,
        number,
      ];
      if (head.readInt32BE(8) !== 0) throw new Error("not Raw");
      pieces.push({ x, y, width, height, pixels: await this.read(width * height * bytesPerPixel) });
    }
    return pieces;
  }
}

export interface Piece {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly pixels: Buffer;
}

/** The bits of a byte in the opposite order. */
const turned = (byte: number): number =>
  [0, 1, 2, 3, 4, 5, 6, 7].reduce((sum, bit) => sum + (((byte >> bit) & 1) << (7 - bit)), 0);

function vncResponse(challenge: Buffer, password: string): Buffer {
  const key = Buffer.from(password.padEnd(8, "\0").slice(0, 8), "latin1").map(turned);
  const cipher = createCipheriv("des-ede3", Buffer.concat([key, key, key]), null);
  cipher.setAutoPadding(false);
  return cipher.update(challenge);
}
