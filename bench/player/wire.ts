import { createHash } from "node:crypto";

/** Bytes of HTTP and WebSocket as a server sends and reads them (RFC 9112, RFC 6455), made once where they never change. */

const LONGEST_HEAD_BYTES = 16_384;

export interface RequestHead {
  /** The key of a WebSocket upgrade; null for a plain request. */
  readonly key: string | null;
  /** Where the bytes after the head begin. */
  readonly bytes: number;
}

/** Null while the head is not complete. Throws for one that never ends. */
export function requestHead(received: Buffer): RequestHead | null {
  const end = received.indexOf("\r\n\r\n");
  if (end === -1 && received.length > LONGEST_HEAD_BYTES) throw new Error("an endless head");
  if (end === -1) return null;
  const head = received.toString("latin1", 0, end);
  return { key: /^sec-websocket-key: *(\S+)/im.exec(head)?.[1] ?? null, bytes: end + 4 };
}

export const response = (line: string, headers: string, body: Buffer): Buffer =>
  Buffer.concat([
    Buffer.from(
      `HTTP/1.1 ${line}\r\n${headers}Content-Length: ${body.length}\r\nConnection: close\r\n\r\n`,
      "latin1",
    ),
    body,
  ]);

export function switching(key: string): Buffer {
  const accept = createHash("sha1")
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  return Buffer.from(
    "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n" +
      `Sec-WebSocket-Accept: ${accept}\r\nSec-WebSocket-Protocol: binary\r\n\r\n`,
    "latin1",
  );
}

const BINARY = 0x82;
const CLOSE = 0x88;

/** Header of an unmasked binary message. */
export function frameHeader(length: number): Buffer {
  if (length < 126) return Buffer.from([BINARY, length]);
  return Buffer.from([BINARY, 126, length >> 8, length & 255]);
}

export const frame = (payload: Buffer): Buffer =>
  Buffer.concat([frameHeader(payload.length), payload]);

export function closeFrame(code: number, reason: string): Buffer {
  const payload = Buffer.concat([Buffer.from([code >> 8, code & 255]), Buffer.from(reason)]);
  return Buffer.concat([Buffer.from([CLOSE, payload.length]), payload]);
}

export interface ClientFrame {
  readonly opcode: number;
  readonly payload: Buffer;
  /** Bytes on the wire. */
  readonly bytes: number;
}

const LONG_LENGTH = 126;

/** The next masked frame; null while it is not complete. A client of RFB has nothing to say that takes 64 kB. */
export function clientFrame(received: Buffer): ClientFrame | null {
  if (received.length < 2) return null;
  const short = received.readUInt8(1) & 0x7f;
  if (short > LONG_LENGTH) throw new Error("a message of 64 kB or more");
  const start = short === LONG_LENGTH ? 4 : 2;
  if (received.length < start + 4) return null;
  const length = short === LONG_LENGTH ? received.readUInt16BE(2) : short;
  const bytes = start + 4 + length;
  if (received.length < bytes) return null;
  const payload = Buffer.from(received.subarray(start + 4, bytes));
  for (let index = 0; index < length; index++) {
    payload[index] =
      received.readUInt8(start + 4 + index) ^ received.readUInt8(start + (index & 3));
  }
  return { opcode: received.readUInt8(0) & 0x0f, payload, bytes };
}
