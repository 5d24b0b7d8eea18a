import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { AttemptFailure, Nonsense, PeerClosed } from "../../src/probe/attempt-failure.ts";
import { FramePlaces } from "../../src/probe/frame-places.ts";
import { expectPicture } from "../../src/probe/layers/frame.ts";
import { ByteReader } from "../../src/probe/rfb/byte-reader.ts";
import { preferences } from "../../src/probe/rfb/messages.ts";
import { text, u16, u32 } from "./fake-desktop.ts";

const SEED = 20_260_102;
const SCREEN = { width: 640, height: 480 };
const LIMIT = 16 << 20;

const update = (...rectangles: readonly Buffer[]): Buffer => counted(rectangles.length, rectangles);
const counted = (count: number, rectangles: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from([0, 0]), u16(count), ...rectangles]);
const rectangle = (
  encoding: number,
  [x, y, width, height]: readonly [number, number, number, number],
  body: Buffer = Buffer.alloc(0),
): Buffer => Buffer.concat([u16(x), u16(y), u16(width), u16(height), u32(encoding), body]);
const raw = (width: number, height: number, colour: (index: number) => number): Buffer => {
  const pixels = Buffer.alloc(width * height * 4);
  for (let index = 0; index < width * height; index++)
    pixels.writeUInt32LE(colour(index), index * 4);
  return rectangle(0, [0, 0, width, height], pixels);
};
const picture = update(raw(64, 64, (index) => index));
const resized = (width: number, height: number): Buffer => rectangle(-223, [0, 0, width, height]);

/** What a look at the screen comes to when the server says all of that, whatever it is asked. */
async function look(...said: readonly Buffer[]): Promise<unknown> {
  const input = new ByteReader(LIMIT);
  for (const bytes of said) input.push(bytes);
  input.fail(new PeerClosed());
  return await expectPicture({ input, send: () => undefined }, SCREEN, new FramePlaces()).catch(
    (error: unknown) => error,
  );
}

const nonsense = (said: string): unknown =>
  expect.objectContaining({ name: "Nonsense", message: expect.stringContaining(said) as string });

const layout = (screens: number): Buffer =>
  Buffer.concat([Buffer.from([screens, 0, 0, 0]), Buffer.alloc(16 * screens)]);

describe("what is announced", () => {
  it("is Raw and no other encoding, and messages without pixels", () => {
    const bytes = preferences.subarray(20);
    const announced = Array.from({ length: bytes.readUInt16BE(2) }, (_, index) =>
      bytes.readInt32BE(4 + 4 * index),
    );
    expect(announced.filter((encoding) => encoding >= 0)).toEqual([0]);
    expect(announced).toEqual([0, -223, -224]);
    expect(bytes).toHaveLength(4 + 4 * announced.length);
  });
});

describe("a picture is seen", () => {
  it.each([
    ["a cursor", rectangle(-239, [3, 3, 9, 5], Buffer.alloc(9 * 5 * 4 + 2 * 5))],
    ["no cursor", rectangle(-239, [0, 0, 0, 0])],
    ["a cursor of two colours", rectangle(-240, [3, 3, 9, 5], Buffer.alloc(6 + 2 * 2 * 5))],
    ["no cursor of two colours", rectangle(-240, [0, 0, 0, 0])],
    ["a pointer's place", rectangle(-232, [100, 100, 0, 0])],
    ["another name", rectangle(-307, [0, 0, 0, 0], text("renamed"))],
    ["another size", resized(800, 600)],
    ["another size with screens", rectangle(-308, [0, 0, 800, 600], layout(2))],
    ["a size that was refused", rectangle(-308, [1, 3, 1, 1], layout(1))],
  ])("after %s, in an update of its own or before the pixels", async (_what, remark) => {
    expect(await look(update(remark), picture)).toBeUndefined();
    expect(
      await look(
        update(
          remark,
          raw(64, 64, (index) => index),
        ),
      ),
    ).toBeUndefined();
    expect(
      await look(
        update(
          raw(64, 1, () => 7),
          remark,
        ),
        picture,
      ),
    ).toBeUndefined();
  });

  it("after bells, clipboards and colour maps between updates", async () => {
    const asides = Buffer.concat([
      Buffer.from([2, 3, 0, 0, 0]),
      text("clipboard"),
      Buffer.from([1, 0, 0, 0, 0, 2]),
      Buffer.alloc(12),
    ]);
    expect(await look(asides, update(resized(800, 600)), asides, picture)).toBeUndefined();
  });

  it.each([2, 0xffff])("after a LastRect, whatever the count (%i) promised", async (count) => {
    const cutShort = counted(count, [raw(64, 1, () => 7), rectangle(-224, [0, 0, 0, 0])]);
    expect(await look(cutShort, picture)).toBeUndefined();
  });
});

describe("no picture is seen", () => {
  it("in an old black screen and a new blue one, each uniform", async () => {
    const black = update(
      raw(64, 8, () => 0),
      resized(320, 240),
    );
    const blue = update(raw(64, 64, () => 255));
    const outcome = await look(black, blue, blue, blue);
    expect(outcome).toMatchObject({ failure: { kind: "uniform-frame" } });
  });

  it.each([
    [1, "1 (CopyRect)"],
    [5, "5 (Hextile)"],
    [7, "7 (Tight)"],
    [16, "16 (ZRLE)"],
    [1234, "1234"],
    [-314, "-314"],
  ])("in encoding %i, which is called by its name", async (encoding, name) => {
    const outcome = await look(update(rectangle(encoding, [0, 0, 64, 64])), picture);
    expect(outcome).toBeInstanceOf(AttemptFailure);
    expect(outcome).toMatchObject({
      failure: { kind: "rfb", detail: expect.stringContaining(`encoding ${name},`) as string },
      refusal: null,
    });
  });

  it.each([
    ["a cursor", rectangle(-239, [0, 0, 65_535, 65_535])],
    ["a cursor", rectangle(-240, [0, 0, 65_535, 65_535])],
    ["a desktop name", rectangle(-307, [0, 0, 0, 0], u32(-1))],
  ])("in %s that is huge", async (what, remark) => {
    expect(await look(update(remark))).toEqual(nonsense(`${what} of`));
  });

  it("in a clipboard that is huge, a screen without pixels, a rectangle beyond it, or an unknown message", async () => {
    expect(await look(Buffer.from([3, 0, 0, 0]), u32(-5))).toEqual(nonsense("a clipboard of"));
    expect(await look(update(resized(0, 0)))).toEqual(nonsense("a screen without pixels"));
    const beyond = update(rectangle(0, [639, 0, 2, 1]));
    expect(await look(beyond)).toEqual(nonsense("out of the screen"));
    expect(await look(Buffer.from([150]))).toEqual(nonsense("message type 150"));
  });

  it("in a flood of rectangles without pixels", async () => {
    const pointers = Array.from({ length: 500 }, () => rectangle(-232, [1, 1, 0, 0]));
    expect(await look(update(...pointers))).toEqual(nonsense("rectangles without pixels"));
    const empty = Array.from({ length: 500 }, () => rectangle(0, [1, 1, 0, 0]));
    expect(await look(update(...empty))).toEqual(nonsense("rectangles without pixels"));
  });

  it("in a flood of bells, or of updates that bring nothing", async () => {
    expect(await look(Buffer.alloc(5000, 2))).toEqual(nonsense("no framebuffer update"));
    const nothing = Buffer.concat(Array.from({ length: 100 }, () => update()));
    expect(await look(nothing)).toEqual(nonsense("is not complete"));
  });

  it("in garbage, which ends with a typed failure and never hangs", async () => {
    const encodings = fc.constantFrom(0, 1, 7, 16, -223, -224, -232, -239, -240, -307, -308);
    const headers = fc.array(
      fc.record({ encoding: encodings, at: fc.tuple(small(), small(), small(), small()) }),
      { maxLength: 8 },
    );
    await fc.assert(
      fc.asyncProperty(headers, fc.uint8Array({ maxLength: 400 }), async (list, tail) => {
        const rectangles = list.map(({ encoding, at }) => rectangle(encoding, at));
        const outcome = await look(counted(list.length + 3, rectangles), Buffer.from(tail));
        const isTyped =
          outcome === undefined ||
          outcome instanceof AttemptFailure ||
          outcome instanceof Nonsense ||
          outcome instanceof PeerClosed;
        expect({ isTyped, outcome }).toEqual({ isTyped: true, outcome });
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });
});

const small = (): fc.Arbitrary<number> => fc.oneof(fc.nat({ max: 20 }), fc.nat({ max: 65_535 }));
