import { ok } from "node:assert/strict";
import * as fc from "fast-check";
import { AttemptFailure, Nonsense, PeerClosed } from "../../../src/probe/attempt-failure.ts";
import { FramePlaces } from "../../../src/probe/frame-places.ts";
import { expectPicture } from "../../../src/probe/layers/frame.ts";
import { shakeHands } from "../../../src/probe/layers/rfb.ts";
import { ByteReader } from "../../../src/probe/rfb/byte-reader.ts";
import { text, u16, u32 } from "../../probe/fake-desktop.ts";
import type { Changes } from "../support/bytes.ts";
import { changed, changes, cutAt, places } from "../support/bytes.ts";
import { outcomeOf } from "../support/outcome.ts";
import { law } from "../support/run.ts";

const rectangle = (encoding: number, width: number, height: number): Buffer =>
  Buffer.concat([u16(0), u16(0), u16(width), u16(height), u32(encoding)]);
const update = (...rectangles: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([0, 0]), u16(rectangles.length), ...rectangles]);
const raw = (width: number, height: number, colour: (index: number) => number): Buffer => {
  const pixels = Buffer.alloc(width * height * 4);
  for (let index = 0; index < width * height; index++) {
    pixels.writeUInt32LE(colour(index), index * 4);
  }
  return Buffer.concat([rectangle(0, width, height), pixels]);
};

const init = Buffer.concat([u16(64), u16(48), Buffer.alloc(16), text("desktop-1")]);
const picture = update(raw(64, 48, (index) => index));
const black = update(raw(64, 48, () => 0));
const asides = Buffer.concat([
  Buffer.from([2, 3, 0, 0, 0]),
  text("clipboard"),
  Buffer.from([1, 0, 0, 0, 0, 2]),
  Buffer.alloc(12),
]);
const remarks = update(
  rectangle(-223, 64, 48),
  Buffer.concat([rectangle(-239, 4, 4), Buffer.alloc(68)]),
  Buffer.concat([rectangle(-307, 0, 0), text("new name")]),
  Buffer.concat([rectangle(-308, 64, 48), Buffer.from([1, 0, 0, 0]), Buffer.alloc(16)]),
  rectangle(-224, 0, 0),
);

/** What healthy servers of all versions and both security types say. */
const sessions: readonly Buffer[] = [
  ["RFB 003.003\n", u32(1), init, picture],
  ["RFB 003.007\n", Buffer.from([1, 1]), init, picture],
  ["RFB 003.008\n", Buffer.from([1, 1]), u32(0), init, asides, remarks, picture],
  ["RFB 003.008\n", Buffer.from([2, 2, 19]), Buffer.alloc(16, 7), u32(0), init, black, picture],
  ["RFB 003.008\n", Buffer.from([0]), text("Too many security failures")],
  ["RFB 003.008\n", Buffer.from([1, 2]), Buffer.alloc(16), u32(1), text("no")],
].map((parts) => Buffer.concat(parts.map((part) => Buffer.from(part as Buffer))));

/** Everything from the greeting to the picture; resolves with the bytes that were sent to the server. */
async function look(pieces: readonly Buffer[], limit = 1 << 20): Promise<number> {
  const input = new ByteReader(limit);
  let sent = 0;
  const pipe = {
    input,
    send: (bytes: Buffer): void => {
      sent += bytes.length;
    },
  };
  const session = (async () => {
    const { screen } = await shakeHands(pipe, "secret");
    await expectPicture(pipe, screen, new FramePlaces());
    return sent;
  })();
  session.catch(() => undefined);
  for (const piece of pieces) {
    input.push(piece);
    await Promise.resolve();
  }
  input.fail(new PeerClosed());
  return await session;
}

async function expectTyped(pieces: readonly Buffer[]): Promise<void> {
  const outcome = await outcomeOf(async () => await look(pieces));
  const isTyped =
    typeof outcome === "number" ||
    outcome instanceof AttemptFailure ||
    outcome instanceof Nonsense ||
    outcome instanceof PeerClosed;
  ok(isTyped, String(outcome));
  // A server cannot make us talk without end.
  if (typeof outcome === "number") ok(outcome < 2000);
}

const conversation: fc.Arbitrary<{
  readonly session: Buffer;
  readonly list: Changes;
  readonly cuts: readonly number[];
}> = fc.record({
  session: fc.constantFrom(...sessions),
  list: changes(),
  cuts: places,
});

export const rfbLaws = [
  law({
    says: "a changed conversation ends with a picture or a typed failure",
    share: 1,
    input: conversation,
    holds: async ({ session, list, cuts }) =>
      await expectTyped(cutAt(changed(session, list), cuts)),
  }),
  law({
    says: "after a good handshake any message ends so, too",
    share: 1,
    input: fc.record({
      types: fc.array(
        fc.tuple(
          fc.constantFrom(0, 0, 0, 1, 2, 3, 150),
          fc.uint8Array({ maxLength: 60 }),
          fc.constantFrom(0, 1, 5, -223, -224, -232, -239, -240, -307, -308),
        ),
        { maxLength: 8 },
      ),
      cuts: places,
    }),
    holds: async ({ types, cuts }) => {
      const messages = types.flatMap(([type, rest, encoding]) => [
        Buffer.from([type]),
        Buffer.from(rest),
        update(rectangle(encoding, rest.length, rest.length)),
      ]);
      const greeting = Buffer.concat([Buffer.from("RFB 003.008\n\u0001\u0001"), u32(0), init]);
      await expectTyped(cutAt(Buffer.concat([greeting, ...messages]), cuts));
    },
  }),
];
