import type { IndexedImage } from "./png.ts";
import type { RgbImage } from "./rgb-image.ts";

/** Bits that tell colours of one channel apart: 32,768 shades, which a page of a report needs no more of. */
const BITS = 5;
const SHADES = 1 << (3 * BITS);
const CHANNELS = [2 * BITS, BITS, 0] as const;

/** A shade's place: its five bits each of red, green and blue. */
const shadeOf = (red: number, green: number, blue: number): number =>
  ((red >> 3) << (2 * BITS)) | ((green >> 3) << BITS) | (blue >> 3);

const levelOf = (shade: number, channel: number): number => (shade >> channel) & ((1 << BITS) - 1);

/** How often a shade is there, and the sums of its pixels' channels. */
interface Shades {
  readonly counts: Uint32Array;
  readonly sums: readonly Float64Array[];
}

/**
 * The image with `most` colours at most: median cut (Heckbert 1982) over its shades, each colour being the mean of the
 * pixels that get it. An image that has no more shades than that keeps its colours wherever a shade is of one colour.
 */
export function withFewColours(image: RgbImage, most: number): IndexedImage {
  const { width, height, rgb } = image;
  const shades = shadesOf(rgb);
  const boxes = cut(shades, most);
  const colourOf = new Uint8Array(SHADES);
  for (const [index, box] of boxes.entries()) for (const shade of box) colourOf[shade] = index;
  const pixels = new Uint8Array(width * height);
  for (let index = 0; index < pixels.length; index++) {
    pixels[index] = colourOf[shadeAt(rgb, index * 3)] ?? 0;
  }
  const palette = Uint8Array.from(boxes.flatMap((box) => meanOf(box, shades)));
  return { width, height, palette, pixels };
}

function shadesOf(rgb: Uint8Array): Shades {
  const counts = new Uint32Array(SHADES);
  const reds = new Float64Array(SHADES);
  const greens = new Float64Array(SHADES);
  const blues = new Float64Array(SHADES);
  for (let at = 0; at < rgb.length; at += 3) {
    const shade = shadeAt(rgb, at);
    counts[shade] = (counts[shade] ?? 0) + 1;
    reds[shade] = (reds[shade] ?? 0) + (rgb[at] ?? 0);
    greens[shade] = (greens[shade] ?? 0) + (rgb[at + 1] ?? 0);
    blues[shade] = (blues[shade] ?? 0) + (rgb[at + 2] ?? 0);
  }
  return { counts, sums: [reds, greens, blues] };
}

const shadeAt = (rgb: Uint8Array, at: number): number =>
  shadeOf(rgb[at] ?? 0, rgb[at + 1] ?? 0, rgb[at + 2] ?? 0);

type Box = readonly number[];

/** Cuts the box that has most pixels spread widest, until there are enough, or none can be cut. */
function cut({ counts }: Shades, most: number): readonly Box[] {
  const all: number[] = [];
  for (const [shade, count] of counts.entries()) if (count > 0) all.push(shade);
  let boxes = [measured(all, counts)];
  while (boxes.length < most) {
    const widest = boxes.reduce((a, b) => (b.spread > a.spread ? b : a));
    if (widest.spread === 0) break;
    const halves = halved(widest, counts);
    boxes = [...boxes.filter((box) => box !== widest), ...halves];
  }
  return boxes.map(({ shades }) => shades);
}

interface MeasuredBox {
  readonly shades: Box;
  readonly pixels: number;
  /** The channel in which it is widest. */
  readonly channel: number;
  /** Its pixels times its width there; zero: one shade. */
  readonly spread: number;
}

function measured(shades: Box, counts: Uint32Array): MeasuredBox {
  const pixels = shades.reduce((sum, shade) => sum + (counts[shade] ?? 0), 0);
  const widths = CHANNELS.map((channel) => {
    const levels = shades.map((shade) => levelOf(shade, channel));
    return { channel, width: span(levels) };
  });
  const { channel, width } = widths.reduce((a, b) => (b.width > a.width ? b : a));
  return { shades, pixels, channel, spread: pixels * width };
}

const span = (levels: readonly number[]): number => {
  let [low, high] = [Infinity, -Infinity];
  for (const level of levels) {
    low = Math.min(low, level);
    high = Math.max(high, level);
  }
  return high - low;
};

/** At the median of its pixels; each half gets a shade at least. */
function halved(box: MeasuredBox, counts: Uint32Array): readonly [MeasuredBox, MeasuredBox] {
  const sorted = box.shades.toSorted(
    (a, b) => levelOf(a, box.channel) - levelOf(b, box.channel) || a - b,
  );
  let before = 0;
  let at = 0;
  while (at < sorted.length - 1 && before * 2 < box.pixels) {
    before += counts[sorted[at] ?? 0] ?? 0;
    at += 1;
  }
  return [measured(sorted.slice(0, at), counts), measured(sorted.slice(at), counts)];
}

function meanOf(box: Box, { counts, sums }: Shades): readonly number[] {
  const pixels = box.reduce((sum, shade) => sum + (counts[shade] ?? 0), 0);
  return sums.map((sum) =>
    Math.round(box.reduce((total, shade) => total + (sum[shade] ?? 0), 0) / pixels),
  );
}
