import { deepEqual } from "node:assert/strict";
import { createHash } from "node:crypto";
import * as fc from "fast-check";
import { at, seconds } from "../../../src/base/time.ts";
import { PeerClosed } from "../../../src/probe/attempt-failure.ts";
import { Journey } from "../../../src/probe/journey.ts";
import { targetOf } from "../../../src/probe/layers/connection.ts";
import { getPage } from "../../../src/probe/layers/http.ts";
import { openWebSocket } from "../../../src/probe/layers/websocket.ts";
import type { Changes } from "../support/bytes.ts";
import { changed, changes, cutAt, places } from "../support/bytes.ts";
import { wrapped, wrapping } from "../support/http.ts";
import { memorySocket } from "../support/memory-socket.ts";
import { valueOrFailure } from "../support/outcome.ts";
import { law } from "../support/run.ts";

interface Frame {
  /** FIN and three reserved bits above it, then the opcode. */
  readonly first: number;
  readonly payload: Uint8Array;
  /** What the length field says where it lies. */
  readonly lie: number | null;
}

function encoded({ first, payload, lie }: Frame): Buffer {
  const length = lie ?? payload.length;
  const head = [first];
  if (length < 126) head.push(length);
  else if (length < 65_536) head.push(126, length >> 8, length & 255);
  else {
    const wide = Buffer.alloc(8);
    wide.writeBigUInt64BE(BigInt(length));
    head.push(127, ...wide);
  }
  return Buffer.concat([Buffer.from(head), payload]);
}

const frame: fc.Arbitrary<Frame> = fc.record({
  first: fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(0x82, 0x02, 0x00, 0x80, 0x89, 0x8a, 0x88, 0x81) },
    { weight: 1, arbitrary: fc.nat({ max: 255 }) },
  ),
  payload: fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ maxLength: 200 })),
  lie: fc.oneof(
    { weight: 5, arbitrary: fc.constant(null) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        0,
        1,
        125,
        126,
        65_535,
        65_536,
        2 ** 24 + 1,
        2 ** 32,
        2 ** 53,
        2 ** 60,
      ),
    },
  ),
});

const accepted = (request: string): string => {
  const key = /\r\nsec-websocket-key: (\S+)/iu.exec(request)?.[1] ?? "";
  const accept = createHash("sha1")
    .update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`)
    .digest("base64");
  return [
    "HTTP/1.1 101 Switching Protocols",
    "Upgrade: websocket",
    "Connection: Upgrade",
    `Sec-WebSocket-Accept: ${accept}`,
    "Sec-WebSocket-Protocol: binary",
    "",
    "",
  ].join("\r\n");
};

const target = targetOf("ws://desktop.invalid/websockify", null, {
  ca_pem: null,
  fingerprint: null,
});
const page = targetOf("http://desktop.invalid/vnc.html", null, { ca_pem: null, fingerprint: null });

/** Opens it, and reads until it ends: how many bytes came, and what ended it. */
async function received(
  serve: (request: string) => readonly Buffer[],
): Promise<{ readonly bytes: number }> {
  const journey = new Journey(at(seconds(1)));
  try {
    const socket = journey.own(memorySocket(serve));
    socket.on("error", () => undefined);
    journey.enter("websocket");
    const pipe = await openWebSocket(socket, { target, headers: {} }, journey);
    let bytes = 0;
    try {
      for (;;) bytes += (await pipe.input.read(1)).length;
    } catch (error) {
      if (error instanceof PeerClosed) return { bytes };
      throw error;
    }
  } finally {
    journey.end();
  }
}

const inOrder = (frames: readonly Frame[]): readonly Frame[] =>
  frames.map(({ payload }) => ({ first: 0x82, payload, lie: null }));

export const webSocketLaws = [
  law({
    says: "binary messages arrive whole, however they are cut",
    share: 1,
    input: fc.record({ frames: fc.array(frame, { maxLength: 6 }), cuts: places }),
    holds: async ({ frames, cuts }) => {
      const good = inOrder(frames);
      const outcome = await valueOrFailure(
        async () =>
          await received((request) =>
            cutAt(Buffer.concat([Buffer.from(accepted(request)), ...good.map(encoded)]), cuts),
          ),
      );
      const bytes = good.reduce((sum, { payload }) => sum + payload.length, 0);
      deepEqual(outcome, { bytes });
    },
  }),
  law({
    says: "frames that lie, break the protocol or stop end in a failure of the desktop, none of ours",
    share: 2,
    input: fc.record({
      frames: fc.array(frame, { maxLength: 8 }),
      list: fc.oneof(fc.constant<Changes>([]), changes(3)),
      cuts: places,
    }),
    holds: async ({ frames, list, cuts }) => {
      await valueOrFailure(
        async () =>
          await received((request) => {
            const body = changed(Buffer.concat(frames.map(encoded)), list);
            return cutAt(Buffer.concat([Buffer.from(accepted(request)), body]), cuts);
          }),
      );
    },
  }),
  law({
    says: "a changed upgrade or page ends in a failure of the desktop, none of ours",
    share: 1,
    input: fc.record({ list: changes(3), how: wrapping, upgrade: fc.boolean() }),
    holds: async ({ list, how, upgrade }) => {
      if (upgrade) {
        await valueOrFailure(
          async () =>
            await received((request) =>
              cutAt(changed(Buffer.from(accepted(request)), list), how.cuts),
            ),
        );
        return;
      }
      const journey = new Journey(at(seconds(1)));
      await valueOrFailure(async () => {
        const socket = journey.own(
          memorySocket(() => wrapped({ status: 200, body: "noVNC" }, how)),
        );
        socket.on("error", () => undefined);
        await getPage(socket, page, journey);
      });
      journey.end();
    },
  }),
];
