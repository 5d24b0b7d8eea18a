import * as fc from "fast-check";
import { gzipSync } from "node:zlib";
import type { Changes } from "./bytes.ts";
import { changed, changes, cutAt, places } from "./bytes.ts";

/** How a server wraps a body, rightly or not. */
export interface Wrapping {
  readonly status: number | null;
  readonly framing: "length" | "chunks" | "close" | "lie" | "gzip" | "no gzip";
  /** Of the whole response, head and body. */
  readonly changes: Changes;
  readonly cuts: readonly number[];
}

export const wrapping: fc.Arbitrary<Wrapping> = fc.record({
  status: fc.option(
    fc.constantFrom(200, 101, 100, 103, 204, 304, 307, 400, 401, 404, 500, 503, 595),
    {
      freq: 3,
    },
  ),
  framing: fc.constantFrom("length", "chunks", "close", "lie", "gzip", "no gzip"),
  // Mostly none, so that what is inside is reached.
  changes: fc.oneof(
    { weight: 3, arbitrary: fc.constant([]) },
    { weight: 2, arbitrary: changes(3) },
  ),
  cuts: places,
});

export interface Reply {
  readonly status: number;
  readonly reason?: string;
  readonly headers?: readonly string[];
  readonly body: string;
}

/** The response in pieces, as they come. */
export function wrapped(reply: Reply, how: Wrapping): readonly Buffer[] {
  const plain = Buffer.from(reply.body);
  const body = how.framing === "gzip" ? gzipSync(plain) : plain;
  const head = [
    `HTTP/1.1 ${how.status ?? reply.status} ${reply.reason ?? "Said"}`,
    "Content-Type: application/json",
    "Date: Sun, 22 Nov 2026 03:50:22 GMT",
    ...(reply.headers ?? []),
    ...framingOf(how.framing, body.length),
  ];
  const whole = Buffer.concat([
    Buffer.from(`${head.join("\r\n")}\r\n\r\n`),
    how.framing === "chunks" ? inChunks(body) : body,
  ]);
  return cutAt(changed(whole, how.changes), how.cuts);
}

function framingOf(framing: Wrapping["framing"], length: number): readonly string[] {
  switch (framing) {
    case "length":
      return [`Content-Length: ${length}`];
    case "lie":
      return [`Content-Length: ${length * 3 + 7}`];
    case "chunks":
      return ["Transfer-Encoding: chunked"];
    case "close":
      return ["Connection: close"];
    case "gzip":
    case "no gzip":
      return ["Content-Encoding: gzip", `Content-Length: ${length}`];
  }
}

function inChunks(body: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < body.length; at += 700) {
    const piece = body.subarray(at, at + 700);
    parts.push(Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from("\r\n"));
  }
  return Buffer.concat([...parts, Buffer.from("0\r\n\r\n")]);
}
