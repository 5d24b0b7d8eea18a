import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Passed } from "../../../src/cli/web/view-filter.ts";
import { updateRequest, ViewFilter } from "../../../src/cli/web/view-filter.ts";

const seed = Number(process.env["BLACKOUT_FUZZ_SEED"] ?? 41);

const pixelFormat = Buffer.from([
  0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0,
]);
const key = Buffer.from([4, 1, 0, 0, 0, 0, 0, 0x61]);
const pointer = Buffer.from([5, 1, 0, 10, 0, 20]);

function cutText(text: Uint8Array, isExtended = false): Buffer {
  const header = Buffer.alloc(8);
  header.writeUInt8(6, 0);
  header.writeInt32BE(isExtended ? -text.length : text.length, 4);
  return Buffer.concat([header, text]);
}

function encodings(...numbers: readonly number[]): Buffer {
  const message = Buffer.alloc(4 + 4 * numbers.length);
  message.writeUInt8(2, 0);
  message.writeUInt16BE(numbers.length, 2);
  for (const [index, number] of numbers.entries()) message.writeInt32BE(number, 4 + 4 * index);
  return message;
}

const request = { incremental: true, x: 1, y: 2, width: 640, height: 480 };

/** What a desktop would get. */
const bytesOf = (passed: readonly Passed[]): Buffer =>
  Buffer.concat(
    passed.map((each) => (each.kind === "request" ? updateRequest(each.request) : each.bytes)),
  );

/** What somebody may send, and how much of it a desktop may get. */
const message = fc.oneof(
  fc.constant({ sent: pixelFormat, wanted: pixelFormat }),
  fc.constant({
    sent: Buffer.from(updateRequest(request)),
    wanted: Buffer.from(updateRequest(request)),
  }),
  fc.constant({ sent: encodings(0, -312, 7), wanted: encodings(0, 7) }),
  fc.constant({ sent: key, wanted: Buffer.alloc(0) }),
  fc.constant({ sent: pointer, wanted: Buffer.alloc(0) }),
  // Other messages may hide in the text.
  fc
    .tuple(
      fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constantFrom(key, pointer, pixelFormat)),
      fc.boolean(),
    )
    .map(([text, isExtended]) => ({ sent: cutText(text, isExtended), wanted: Buffer.alloc(0) })),
);

describe("ViewFilter", () => {
  it("passes what a viewer needs, and no key, pointer or text, however the bytes are cut", () => {
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 30 }),
        fc.array(fc.integer({ min: 1, max: 23 }), { minLength: 1, maxLength: 20 }),
        (messages, sizes) => {
          const all = Buffer.concat(messages.map(({ sent }) => sent));
          const filter = new ViewFilter();
          const passed: Passed[] = [];
          for (let at = 0, turn = 0; at < all.length; turn++) {
            const size = sizes[turn % sizes.length] ?? 1;
            passed.push(...filter.push(all.subarray(at, at + size)));
            at += size;
          }
          const wanted = Buffer.concat(messages.map((each) => each.wanted));
          expect(bytesOf(passed).toString("hex")).toBe(wanted.toString("hex"));
        },
      ),
      { seed, numRuns: 500 },
    );
  });

  it("passes nothing else of any bytes whatever", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 60 }), { maxLength: 10 }), (pieces) => {
        const filter = new ViewFilter();
        const types: number[] = [];
        try {
          for (const piece of pieces) {
            for (const passed of filter.push(piece)) types.push(bytesOf([passed])[0] ?? -1);
          }
        } catch {
          // Closed.
        }
        expect(types.filter((type) => ![0, 2, 3].includes(type))).toEqual([]);
      }),
      { seed, numRuns: 2000 },
    );
  });

  it.each([
    ["continuous updates", 150],
    ["Fence", 248],
    ["Xvp", 250],
    ["the size of the screen", 251],
    ["QEMU's keys", 255],
    ["nothing known", 1],
  ])("refuses a message about %s", (_what, type) => {
    expect(() => new ViewFilter().push(Buffer.from([type, 0, 0, 0]))).toThrow(
      /none of a viewer's/u,
    );
  });

  it("refuses what has no end", () => {
    const filter = new ViewFilter();
    expect(() => filter.push(encodings(...Array.from({ length: 129 }, () => 0)))).toThrow(/129/u);
    expect(() => new ViewFilter().push(cutText(Buffer.alloc((1 << 18) + 1)))).toThrow(/cut text/u);
    const changing = new ViewFilter();
    expect(() => {
      for (let count = 0; count < 51; count++) changing.push(pixelFormat);
    }).toThrow(/changes its mind/u);
  });

  it("keeps of the encodings those of pixels, size and pointer", () => {
    const [passed] = new ViewFilter().push(
      encodings(
        1,
        7,
        -260,
        16,
        21,
        5,
        2,
        6,
        50,
        0,
        -26,
        -254,
        -223,
        -224,
        -258,
        -261,
        -308,
        -309,
        -312,
        -313,
        -307,
        0xc0a1e5ce | 0,
        -239,
      ),
    );
    expect(passed).toEqual({
      kind: "preference",
      bytes: encodings(1, 7, 16, 5, 2, 6, 0, -223, -224, -239),
    });
  });
});
