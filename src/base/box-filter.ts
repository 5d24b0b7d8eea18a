import type { RgbImage } from "./rgb-image.ts";

/** The image within a square of `side` pixels, its shape kept: each pixel is the mean of those that it stands for. Never larger than it is. */
export function scaledDown(image: RgbImage, side: number): RgbImage {
  const factor = side / Math.max(image.width, image.height);
  if (factor >= 1) return image;
  const width = Math.max(1, Math.round(image.width * factor));
  const height = Math.max(1, Math.round(image.height * factor));
  const rgb = new Uint8Array(width * height * 3);
  const columns = parts(image.width, width);
  const rows = parts(image.height, height);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const box = {
        left: columns[x] ?? 0,
        right: columns[x + 1] ?? 0,
        top: rows[y] ?? 0,
        bottom: rows[y + 1] ?? 0,
      };
      putMean(image, box, rgb, (y * width + x) * 3);
    }
  }
  return { width, height, rgb };
}

/** Where each of `count` parts of `length` begins, and where the last one ends. Each has a pixel at least, as there are no more parts than pixels. */
const parts = (length: number, count: number): readonly number[] =>
  Array.from({ length: count + 1 }, (_, index) => Math.floor((index * length) / count));

interface Box {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** Makes no arrays: it is done for each pixel while attempts of the probe must not come late. */
function putMean(
  { width, rgb }: RgbImage,
  { left, right, top, bottom }: Box,
  into: Uint8Array,
  at: number,
): void {
  let red = 0;
  let green = 0;
  let blue = 0;
  for (let y = top; y < bottom; y++) {
    const end = (y * width + right) * 3;
    for (let from = (y * width + left) * 3; from < end; from += 3) {
      red += rgb[from] ?? 0;
      green += rgb[from + 1] ?? 0;
      blue += rgb[from + 2] ?? 0;
    }
  }
  const count = (right - left) * (bottom - top);
  into[at] = Math.round(red / count);
  into[at + 1] = Math.round(green / count);
  into[at + 2] = Math.round(blue / count);
}
