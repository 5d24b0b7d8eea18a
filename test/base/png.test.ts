import * as fc from "fast-check";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { encodePng } from "../../src/base/png.ts";

/** What a reader that nobody here wrote makes of it: opaque pixels. */
function read(png: Uint8Array): { width: number; height: number; rgb: number[] } {
  const { width, height, data } = PNG.sync.read(Buffer.from(png));
  return { width, height, rgb: [...data].filter((_, index) => index % 4 !== 3) };
}

const images = fc
  .record({
    width: fc.integer({ min: 1, max: 40 }),
    height: fc.integer({ min: 1, max: 12 }),
    colours: fc.oneof(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 256 })),
  })
  .chain(({ width, height, colours }) =>
    fc.record({
      width: fc.constant(width),
      height: fc.constant(height),
      palette: fc.uint8Array({ minLength: 3 * colours, maxLength: 3 * colours }),
      pixels: fc
        .array(fc.integer({ min: 0, max: colours - 1 }), {
          minLength: width * height,
          maxLength: width * height,
        })
        .map((each) => Uint8Array.from(each)),
    }),
  );

describe("encodePng", () => {
  it("is read back pixel by pixel, whatever the size and the number of colours", async () => {
    await fc.assert(
      fc.asyncProperty(images, async (image) => {
        const { width, height, rgb } = read(await encodePng(image));
        const colourAt = (index: number): Uint8Array =>
          image.palette.subarray(3 * index, 3 * index + 3);
        expect({ width, height }).toEqual({ width: image.width, height: image.height });
        expect(rgb).toEqual([...image.pixels].flatMap((index) => [...colourAt(index)]));
      }),
      { seed: 6, numRuns: 200 },
    );
  });

  it("gives the same bytes for the same image", async () => {
    const image = { width: 2, height: 1, palette: new Uint8Array(6), pixels: Uint8Array.of(0, 1) };
    expect(await encodePng(image)).toEqual(await encodePng(image));
  });

  it("takes no image without pixels", async () => {
    const image = { width: 0, height: 4, palette: new Uint8Array(3), pixels: new Uint8Array() };
    await expect(encodePng(image)).rejects.toThrow("an image of 0 x 4 pixels");
  });
});
