import { PNG } from "pngjs";
import { withFewColours } from "../../src/base/few-colours.ts";
import { encodePng } from "../../src/base/png.ts";

/** As many as a PNG can have in a palette; a page of text and flat colours has few more. */
const COLOURS = 256;

/** The same picture in a palette, without transparency. */
export async function smaller(png: Buffer): Promise<Uint8Array> {
  const { width, height, data } = PNG.sync.read(png);
  const rgb = new Uint8Array(width * height * 3);
  for (let pixel = 0; pixel < width * height; pixel++) {
    rgb.set(data.subarray(4 * pixel, 4 * pixel + 3), 3 * pixel);
  }
  return await encodePng(withFewColours({ width, height, rgb }, COLOURS));
}
