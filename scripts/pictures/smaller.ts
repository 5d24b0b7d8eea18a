import { PNG } from "pngjs";

/** Shades of each channel: the eye misses none of them in text and flat colours, and zlib finds repetitions. */
const SHADES = 32;
const RGB = 2;

/** The same picture without transparency and in fewer shades: white and black stay. */
export function smaller(png: Buffer): Buffer {
  const image = PNG.sync.read(png);
  for (const [index, value] of image.data.entries()) {
    image.data[index] = Math.round((Math.round((value / 255) * (SHADES - 1)) / (SHADES - 1)) * 255);
  }
  return PNG.sync.write(image, { colorType: RGB, deflateLevel: 9 });
}
