import { createCipheriv } from "node:crypto";
import { WebSocket } from "ws";
import { between, inSeconds } from "../../../../src/base/time.ts";
import type { LabBench } from "./lab-bench.ts";

export interface Ticket {
  readonly port: string;
  readonly ticket: string;
  readonly password: string;
}

/** A console being watched: what it says, byte by byte, and how it ends. */
export class Viewer {
  readonly socket: WebSocket;
  readonly ended: Promise<number>;
  /** Lab seconds from the call to the first byte. */
  firstAfter = 0;
  #received = Buffer.alloc(0);
  #wanted: { count: number; resolve: (bytes: Buffer) => void } | null = null;

  constructor(bench: LabBench, asked: string, ticket: Ticket) {
    const query = new URLSearchParams({ port: ticket.port, vncticket: ticket.ticket });
    const started = bench.clock.now();
    const url = bench.url(asked).replace("https", "wss");
    this.socket = new WebSocket(
      `${url}/api2/json/nodes/pv8/qemu/100/vncwebsocket?${query.toString()}`,
      ["binary"],
      { ca: bench.ca(), headers: { Authorization: bench.token() } },
    );
    this.ended = new Promise((resolve, reject) => {
      this.socket.once("close", resolve);
      this.socket.once("unexpected-response", (_request, response) => {
        reject(new Error(`${response.statusCode} ${response.statusMessage}`));
        response.destroy();
      });
      this.socket.on("error", () => undefined);
    });
    this.ended.catch(() => undefined);
    this.socket.on("message", (data: Buffer, isBinary) => {
      demand(isBinary, "a text frame");
      if (this.firstAfter === 0) {
        this.firstAfter = inSeconds(between(started, bench.clock.now()));
      }
      this.#received = Buffer.concat([this.#received, data]);
      this.#serve();
    });
  }

  async read(count: number): Promise<Buffer> {
    return await new Promise((resolve, reject) => {
      this.ended.then(
        (code) => reject(new Error(`closed ${code}`)),
        (error: unknown) => reject(error),
      );
      this.#wanted = { count, resolve };
      this.#serve();
    });
  }

  /** Shakes hands as RFC 6143 says, and returns the desktop's name. */
  async authenticate(password: string): Promise<string> {
    demand((await this.read(12)).toString() === "RFB 003.008\n", "another version");
    this.socket.send("RFB 003.008\n");
    demand((await this.read(2)).equals(Buffer.from([1, 2])), "other security types");
    this.socket.send(Buffer.from([2]));
    this.socket.send(encrypted(await this.read(16), password));
    demand((await this.read(4)).readUInt32BE() === 0, "a wrong password");
    this.socket.send(Buffer.from([1]));
    const init = await this.read(24);
    return (await this.read(init.readUInt32BE(20))).toString();
  }

  #serve(): void {
    const wanted = this.#wanted;
    if (wanted === null || this.#received.length < wanted.count) return;
    this.#wanted = null;
    const bytes = this.#received.subarray(0, wanted.count);
    this.#received = this.#received.subarray(wanted.count);
    wanted.resolve(bytes);
  }
}

function encrypted(challenge: Buffer, password: string): Buffer {
  const key = Buffer.alloc(8);
  key.write(password.slice(0, 8), "latin1");
  const turned = Buffer.from([...key].map((byte) => reversedBits(byte)));
  const cipher = createCipheriv("des-ede3", Buffer.concat([turned, turned, turned]), null);
  cipher.setAutoPadding(false);
  return cipher.update(challenge);
}

function reversedBits(byte: number): number {
  return Array.from({ length: 8 }, (_, bit) => ((byte >> bit) & 1) << (7 - bit)).reduce(
    (sum, each) => sum + each,
    0,
  );
}

function demand(fulfilled: boolean, otherwise: string): void {
  if (!fulfilled) throw new Error(`the console sent ${otherwise}`);
}
