import { createRequire } from "node:module";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AttemptFailure, Nonsense, PeerClosed } from "../../src/probe/attempt-failure.ts";
import { FramePlaces, tileAt } from "../../src/probe/frame-places.ts";
import { expectPicture } from "../../src/probe/layers/frame.ts";
import { shakeHands } from "../../src/probe/layers/rfb.ts";
import { ByteReader } from "../../src/probe/rfb/byte-reader.ts";
import { answerChallenge } from "../../src/probe/rfb/vnc-authentication.ts";
import { text, u16, u32 } from "./fake-desktop.ts";

const SEED = 20_260_101;
const limit = 1 << 20;

/** Everything that a healthy server says to a client that looks at one tile. */
const screen = (colour: (index: number) => number): Buffer => {
  const pixels = Buffer.alloc(64 * 64 * 4);
  for (let index = 0; index < 64 * 64; index++) pixels.writeUInt32LE(colour(index), index * 4);
  return Buffer.concat([
    Buffer.from("RFB 003.008\n"),
    Buffer.from([1, 1]),
    u32(0),
    u16(640),
    u16(480),
    Buffer.alloc(16),
    text("desktop-1"),
    Buffer.from([0, 0, 0, 1]),
    u16(288),
    u16(208),
    u16(64),
    u16(64),
    u32(0),
    pixels,
  ]);
};

async function wholeSession(chunks: Iterable<Buffer>): Promise<string> {
  const input = new ByteReader(limit);
  const pipe = { input, send: () => undefined };
  const session = (async () => {
    const { screen: size, name } = await shakeHands(pipe, null);
    await expectPicture(pipe, size, new FramePlaces());
    return name;
  })();
  for (const chunk of chunks) input.push(chunk);
  input.fail(new PeerClosed());
  return await session;
}

describe("the RFB session", () => {
  const bytes = screen((index) => index);

  it("understands a server whose bytes come one by one", async () => {
    const single = [...bytes].map((byte) => Buffer.from([byte]));
    expect(await wholeSession(single)).toBe("desktop-1");
  });

  it("understands the same bytes however they are cut", async () => {
    const cuts = fc.array(fc.nat({ max: bytes.length }), { maxLength: 40 });
    await fc.assert(
      fc.asyncProperty(cuts, async (places) => {
        const sorted = [0, ...places.toSorted((a, b) => a - b), bytes.length];
        const chunks = sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
        expect(await wholeSession(chunks)).toBe("desktop-1");
      }),
      { seed: SEED, numRuns: 100 },
    );
  });

  it("fails with a typed failure, whatever garbage comes, and never hangs after the end", async () => {
    const garbage = fc.record({
      keep: fc.nat({ max: bytes.length }),
      tail: fc.uint8Array({ maxLength: 300 }),
    });
    await fc.assert(
      fc.asyncProperty(garbage, async ({ keep, tail }) => {
        const whole = Buffer.concat([bytes.subarray(0, Math.min(keep, 80)), tail]);
        const outcome = await wholeSession([whole]).catch((error: unknown) => error);
        const isTyped =
          outcome instanceof AttemptFailure ||
          outcome instanceof Nonsense ||
          outcome instanceof PeerClosed;
        expect(isTyped || outcome === "desktop-1").toBe(true);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });

  it("survives any single changed byte", async () => {
    const change = fc.tuple(fc.nat({ max: 90 }), fc.nat({ max: 255 }));
    await fc.assert(
      fc.asyncProperty(change, async ([place, byte]) => {
        const changed = Buffer.from(bytes);
        changed[place] = byte;
        const outcome = await wholeSession([changed]).catch((error: unknown) => error);
        expect(outcome instanceof Error || typeof outcome === "string").toBe(true);
        expect(outcome).not.toBeInstanceOf(RangeError);
        expect(outcome).not.toBeInstanceOf(TypeError);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it("does not take the byte that no colour uses for a picture", async () => {
    const black = screen((index) => (index << 24) >>> 0);
    const outcome = await wholeSession([black]).catch((error: unknown) => error);
    expect(outcome).toBeInstanceOf(PeerClosed);
  });

  it("reads no more than its limit", async () => {
    const input = new ByteReader(100);
    input.push(Buffer.alloc(90));
    expect(await input.read(50)).toHaveLength(50);
    input.push(Buffer.alloc(11));
    expect(await input.read(40)).toHaveLength(40);
    await expect(input.read(1)).rejects.toBeInstanceOf(Nonsense);
  });
});

interface DesModule {
  readonly DESECBCipher: {
    importKey(
      key: Uint8Array,
      algorithm: object,
      extractable: boolean,
      usages: string[],
    ): { encrypt(algorithm: object, text: Uint8Array): Uint8Array | null };
  };
}

/** The bits of a byte from the other end, by way of text. */
const mirrored = (byte: number): number =>
  Number.parseInt(byte.toString(2).padStart(8, "0").split("").toReversed().join(""), 2);

describe("answerChallenge", () => {
  it("is DES with the bits of the key's bytes reversed: a known vector", () => {
    const key = [0x13, 0x34, 0x57, 0x79, 0x9b, 0xbc, 0xdf, 0xf1];
    const password = String.fromCharCode(...key.map((byte) => mirrored(byte)));
    const block = "0123456789abcdef";
    const answer = answerChallenge(Buffer.from(block + block, "hex"), password);
    expect(answer.toString("hex")).toBe("85e813540f0ab405".repeat(2));
  });

  it("agrees with noVNC's own DES", async () => {
    const root = createRequire(import.meta.url).resolve("@novnc/novnc");
    const des = (await import(new URL("crypto/des.js", `file://${root}`).href)) as DesModule;
    fc.assert(
      fc.property(
        fc.string({ unit: "binary-ascii", maxLength: 12 }),
        fc.uint8Array({ minLength: 16, maxLength: 16 }),
        (password, bytes) => {
          const key = new Uint8Array(8);
          key.set(Buffer.from(password, "latin1").subarray(0, 8));
          const cipher = des.DESECBCipher.importKey(key, { name: "DES-ECB" }, false, ["encrypt"]);
          const expected = cipher.encrypt({ name: "DES-ECB" }, bytes);
          expect(answerChallenge(Buffer.from(bytes), password)).toEqual(
            Buffer.from(expected ?? []),
          );
        },
      ),
      { seed: SEED, numRuns: 200 },
    );
  });
});

describe("FramePlaces", () => {
  const size = { width: 1024, height: 768 };

  it("begins at the centre and soon looks near every point of the screen", () => {
    const places = new FramePlaces();
    const tiles = Array.from({ length: 60 }).flatMap(() =>
      [...places.candidates()].map((place) => tileAt(place, size)),
    );
    expect(tiles[0]).toEqual({ x: 480, y: 352, width: 64, height: 64 });
    for (let x = 0; x < size.width; x += 128) {
      for (let y = 0; y < size.height; y += 128) {
        const isNear = tiles.some(
          (tile) => Math.abs(tile.x - x) <= 128 && Math.abs(tile.y - y) <= 128,
        );
        expect(isNear, `nothing near ${x}, ${y}`).toBe(true);
      }
    }
  });

  it("comes back first to the place that showed something, and looks elsewhere after it", () => {
    const places = new FramePlaces();
    const [, second] = [...places.candidates()];
    expect(second).toBeDefined();
    if (second !== undefined) places.remember(second);
    const next = [...places.candidates()];
    expect(next[0]).toBe(second);
    expect(next).toHaveLength(3);
  });

  it("never asks for what is outside the screen", () => {
    fc.assert(
      fc.property(fc.nat({ max: 5000 }), fc.nat({ max: 5000 }), (width, height) => {
        for (const place of new FramePlaces().candidates()) {
          const tile = tileAt(place, { width, height });
          expect(tile.x + tile.width).toBeLessThanOrEqual(width);
          expect(tile.y + tile.height).toBeLessThanOrEqual(height);
        }
      }),
      { seed: SEED },
    );
  });
});
