import * as fc from "fast-check";
import { PNG } from "pngjs";
import { describe, expect, it } from "vitest";
import { scaledDown } from "../../src/base/box-filter.ts";
import { withFewColours } from "../../src/base/few-colours.ts";
import type { RgbImage } from "../../src/base/rgb-image.ts";
import { thumbnail } from "../../src/base/thumbnail.ts";
import { SeededRandom } from "../../src/platform/seeded-random.ts";

const SEED = 6;

function painted(
  width: number,
  height: number,
  colour: (x: number, y: number) => readonly [number, number, number],
): RgbImage {
  const rgb = new Uint8Array(width * height * 3);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rgb.set(colour(x, y), (y * width + x) * 3);
  }
  return { width, height, rgb };
}

const noise = (width: number, height: number): RgbImage => {
  const random = new SeededRandom(SEED);
  const byte = (): number => Math.floor(random.next() * 256);
  return painted(width, height, () => [byte(), byte(), byte()]);
};

const coloursOf = (rgb: Uint8Array): ReadonlySet<string> =>
  new Set(
    Array.from({ length: rgb.length / 3 }, (_, at) => rgb.subarray(3 * at, 3 * at + 3).join(" ")),
  );

const grey = (x: number, y: number): number => (x * 7 + y * 13) % 256;

describe("scaledDown", () => {
  it("leaves an image alone that is small enough", () => {
    const image = noise(160, 120);
    expect(scaledDown(image, 160)).toBe(image);
  });

  it("keeps the shape, and makes each pixel the mean of those that it stands for", () => {
    const image = painted(4, 2, (x, y) => [x * 10, y * 100, x < 2 ? 0 : 200]);
    expect(scaledDown(image, 2)).toEqual({
      width: 2,
      height: 1,
      rgb: Uint8Array.of(5, 50, 0, 25, 50, 200),
    });
  });

  it("keeps the mean of any image, and at least a pixel each way", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 90 }),
        fc.integer({ min: 1, max: 60 }),
        (width, height, side) => {
          const small = scaledDown(
            painted(width, height, (x, y) => [grey(x, y), 77, 0]),
            side,
          );
          expect(small.rgb).toHaveLength(small.width * small.height * 3);
          expect(small.width).toBeGreaterThan(0);
          expect(small.height).toBeGreaterThan(0);
          expect(Math.max(small.width, small.height)).toBeLessThanOrEqual(Math.max(side, 1));
          expect(small.rgb.filter((_, at) => at % 3 === 1).every((green) => green === 77)).toBe(
            true,
          );
        },
      ),
      { seed: SEED, numRuns: 100 },
    );
  });
});

describe("withFewColours", () => {
  it("keeps every colour where there are few", () => {
    const colours = [
      [0, 0, 0],
      [255, 255, 255],
      [18, 52, 86],
      [200, 10, 10],
    ] as const;
    const image = painted(40, 40, (x, y) => colours[(x + 3 * y) % 4] ?? colours[0]);
    const { palette, pixels } = withFewColours(image, 64);
    const back = Uint8Array.from(
      [...pixels].flatMap((index) => [...palette.subarray(3 * index, 3 * index + 3)]),
    );
    expect(back).toEqual(image.rgb);
  });

  it("has no more than asked for, near to what was there", () => {
    const image = painted(128, 128, (x, y) => [2 * x, 2 * y, 128]);
    const { palette, pixels } = withFewColours(image, 64);
    expect(palette.length / 3).toBe(64);
    const off = [...pixels].map((index, at) => {
      const [red = 0, green = 0] = palette.subarray(3 * index);
      return Math.hypot(red - (image.rgb[3 * at] ?? 0), green - (image.rgb[3 * at + 1] ?? 0));
    });
    expect(Math.max(...off)).toBeLessThan(48);
  });
});

describe("thumbnail", () => {
  const room = { side: 160, colours: 32, bytes: 3000 };

  it("keeps within its room whatever the picture, noise too", async () => {
    for (const image of [noise(800, 600), noise(160, 160), noise(3, 900), noise(1, 1)]) {
      const png = await thumbnail(image, room);
      const { width, height, data } = PNG.sync.read(Buffer.from(png));
      expect(png.length).toBeLessThanOrEqual(3000);
      expect(Math.max(width, height)).toBeLessThanOrEqual(160);
      const rgb = Uint8Array.from(data.filter((_, index) => index % 4 !== 3));
      expect(coloursOf(rgb).size).toBeLessThanOrEqual(32);
    }
  });

  it("is as large as it may be where the picture is plain", async () => {
    const png = await thumbnail(
      painted(800, 600, (x) => (x < 400 ? [0, 0, 0] : [9, 9, 200])),
      room,
    );
    const { width, height } = PNG.sync.read(Buffer.from(png));
    expect({ width, height }).toEqual({ width: 160, height: 120 });
  });
});
