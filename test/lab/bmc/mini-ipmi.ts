import { createCipheriv, createDecipheriv, createHmac, randomBytes } from "node:crypto";
import type { Socket } from "node:dgram";
import { createSocket } from "node:dgram";

/** An IPMI client for tests, written apart from the server: one session, one command at a time. */
export class MiniIpmi {
  readonly #socket: Socket = createSocket("udp4");
  readonly #target: { readonly port: number; readonly address: string };
  readonly #suite: { readonly id: 3 | 17; readonly hash: string; readonly length: number };
  #session: Buffer = Buffer.alloc(4);
  #k1: Buffer = Buffer.alloc(0);
  #k2: Buffer = Buffer.alloc(0);
  sequence = 0;

  constructor(address: string, port: number, suite: 3 | 17 = 17) {
    this.#target = { address, port };
    this.#suite =
      suite === 3 ? { id: 3, hash: "sha1", length: 12 } : { id: 17, hash: "sha256", length: 16 };
  }

  /** Null when nothing came back within `patience` real milliseconds. */
  async exchange(datagram: Buffer, patience = 60): Promise<Buffer | null> {
    return await new Promise((resolve) => {
      const timer = setTimeout(() => end(null), patience);
      const end = (answer: Buffer | null): void => {
        clearTimeout(timer);
        this.#socket.removeAllListeners("message");
        resolve(answer);
      };
      this.#socket.once("message", end);
      this.#socket.send(datagram, this.#target.port, this.#target.address);
    });
  }

  /** The status of the step that failed, or "open". */
  async open(user: string, password: string, role = 4): Promise<string> {
    const auth = this.#suite.id === 3 ? 1 : 3;
    const integrity = this.#suite.id === 3 ? 1 : 4;
    const opened = await this.#setup(0x10, [
      [1, 0, 0, 0, 0xa1, 0xa2, 0xa3, 0xa4],
      [0, 0, 0, 8, auth, 0, 0, 0, 1, 0, 0, 8, integrity, 0, 0, 0, 2, 0, 0, 8, 1, 0, 0, 0],
    ]);
    if (opened[1] !== 0) return `open ${String(opened[1])}`;
    this.#session = Buffer.from(opened.subarray(8, 12));
    const own = randomBytes(16);
    const name = Buffer.from(user);
    const who = Buffer.from([role, name.length, ...name]);
    const rakp2 = await this.#setup(0x12, [
      [2, 0, 0, 0],
      this.#session,
      own,
      [role, 0, 0, name.length],
      name,
    ]);
    if (rakp2[1] !== 0) return `rakp2 ${String(rakp2[1])}`;
    const [theirs, guid] = [rakp2.subarray(8, 24), rakp2.subarray(24, 40)];
    const key = Buffer.alloc(20);
    key.write(password);
    const console = Buffer.from([0xa1, 0xa2, 0xa3, 0xa4]);
    const rakp4 = await this.#setup(0x14, [
      [3, 0, 0, 0],
      this.#session,
      this.#hmac(key, theirs, console, who),
    ]);
    if (rakp4[1] !== 0) return `rakp4 ${String(rakp4[1])}`;
    const sik = this.#hmac(key, own, theirs, who);
    const check = this.#hmac(sik, own, this.#session, guid).subarray(0, this.#suite.length);
    if (!check.equals(rakp4.subarray(8))) return "rakp4 wrong check value";
    this.#k1 = this.#hmac(sik, Buffer.alloc(20, 1));
    this.#k2 = this.#hmac(sik, Buffer.alloc(20, 2)).subarray(0, 16);
    return "open";
  }

  /** Completion code and data. */
  async command(
    netFunction: number,
    command: number,
    data: readonly number[] = [],
  ): Promise<number[]> {
    const answer = await this.exchange(this.packet(netFunction, command, data));
    return answer === null ? [] : this.#unwrap(answer);
  }

  /** A sealed request with the next sequence number. */
  packet(netFunction: number, command: number, data: readonly number[] = []): Buffer {
    const plain = message(netFunction, command, data);
    const padding = (16 - ((plain.length + 1) % 16)) % 16;
    const vector = randomBytes(16);
    const cipher = createCipheriv("aes-128-cbc", this.#k2, vector).setAutoPadding(false);
    const trailer = Buffer.from([
      ...Array.from({ length: padding }, (_, index) => index + 1),
      padding,
    ]);
    const sealed = Buffer.concat([vector, cipher.update(Buffer.concat([plain, trailer]))]);
    const head = Buffer.alloc(12);
    head.set([6, 0xc0, ...this.#session]);
    head.writeUInt32LE(++this.sequence, 6);
    head.writeUInt16LE(sealed.length, 10);
    const fill = (4 - ((12 + sealed.length + 2) % 4)) % 4;
    const body = Buffer.concat([head, sealed, Buffer.alloc(fill, 0xff), Buffer.from([fill, 7])]);
    return Buffer.concat([
      Buffer.from([6, 0, 0xff, 7]),
      body,
      this.#hmac(this.#k1, body).subarray(0, this.#suite.length),
    ]);
  }

  close(): void {
    this.#socket.close();
  }

  #unwrap(datagram: Buffer): number[] {
    const end = datagram.length - this.#suite.length;
    const code = this.#hmac(this.#k1, datagram.subarray(4, end)).subarray(0, this.#suite.length);
    if (!code.equals(datagram.subarray(end))) throw new Error("wrong integrity code");
    const sealed = datagram.subarray(16, 16 + datagram.readUInt16LE(14));
    const decipher = createDecipheriv("aes-128-cbc", this.#k2, sealed.subarray(0, 16));
    const plain = decipher.setAutoPadding(false).update(sealed.subarray(16));
    const length = plain.length - 1 - (plain.at(-1) ?? 0);
    return [...plain.subarray(6, length - 1)];
  }

  async #setup(type: number, parts: readonly (readonly number[] | Buffer)[]): Promise<Buffer> {
    const payload = Buffer.concat(parts.map((part) => Buffer.from(part)));
    const head = Buffer.alloc(16);
    head.set([6, 0, 0xff, 7, 6, type]);
    head.writeUInt16LE(payload.length, 14);
    const answer = await this.exchange(Buffer.concat([head, payload]));
    if (answer?.[5] !== type + 1) throw new Error(`no answer to payload type ${type}`);
    return answer.subarray(16);
  }

  #hmac(key: Buffer, ...parts: readonly Buffer[]): Buffer {
    return createHmac(this.#suite.hash, key).update(Buffer.concat(parts)).digest();
  }
}

const checksum = (bytes: readonly number[]): number =>
  -bytes.reduce((sum, byte) => sum + byte, 0) & 0xff;

/** A request in IPMI's LAN message. */
function message(netFunction: number, command: number, data: readonly number[]): Buffer {
  const head = [0x20, netFunction << 2];
  const body = [0x81, 4, command, ...data];
  return Buffer.from([...head, checksum(head), ...body, checksum(body)]);
}

/** The same outside a session, as IPMI 1.5 sends it. */
export function outside(netFunction: number, command: number, data: readonly number[]): Buffer {
  const payload = message(netFunction, command, data);
  return Buffer.from([6, 0, 0xff, 7, 0, 0, 0, 0, 0, 0, 0, 0, 0, payload.length, ...payload]);
}
