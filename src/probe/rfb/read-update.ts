import { Nonsense } from "../attempt-failure.ts";
import type { ScreenSize } from "../frame-places.ts";
import type { ByteReader } from "./byte-reader.ts";
import { RAW } from "./encodings.ts";
import { BYTES_PER_PIXEL } from "./messages.ts";
import type { Rectangle } from "./pseudo-rectangle.ts";
import { readRemark } from "./pseudo-rectangle.ts";
import { skip } from "./skip.ts";

/** Who looks at the pixels, and for how long they are of interest. */
export interface Viewer {
  /** All alike so far: more is of interest. */
  readonly uniform: boolean;
  /** Whole pixels of 32 bits, little endian: those of `rectangle` from its pixel number `first` on. */
  add(pixels: Buffer, rectangle: Rectangle, first: number): void;
}

/** What one FramebufferUpdate brought. */
export interface Update {
  readonly pixels: number;
  readonly screen: ScreenSize;
}

/** Other messages that a server may send before the awaited one, and rectangles without pixels in it; more would be a flood. */
const MAXIMUM_ASIDES = 100;
const BYTES_PER_COLOUR = 6;
/** Pixels are judged in pieces of this size, so that a picture is seen before its frame is complete. */
const PIECE_BYTES = 4096;

/** Wants to have all of it read, as the next message is to be found behind it. */
export const indifferent: Viewer = { uniform: true, add: () => undefined };

/**
 * The next FramebufferUpdate, or as much of it as shows a picture: as soon as `seen` is no longer uniform the rest does
 * not matter. Bells, clipboards and colour maps before it are passed over. Throws
 * `Nonsense`, or an rfb failure for another encoding than Raw.
 */
export async function readUpdate(
  input: ByteReader,
  screen: ScreenSize,
  seen: Viewer,
): Promise<Update> {
  for (let asides = 0; asides < MAXIMUM_ASIDES; asides++) {
    const type = await input.readByte();
    if (type === 0) return await readRectangles(input, screen, seen);
    await passOver(type, input);
  }
  throw new Nonsense(`${MAXIMUM_ASIDES} messages, and no framebuffer update among them`);
}

async function passOver(type: number, input: ByteReader): Promise<void> {
  switch (type) {
    case 1: {
      const header = await input.read(5);
      await skip(input, header.readUInt16BE(3) * BYTES_PER_COLOUR, "a colour map");
      return;
    }
    case 2:
      return;
    case 3: {
      const header = await input.read(7);
      await skip(input, header.readUInt32BE(3), "a clipboard");
      return;
    }
    default:
      throw new Nonsense(`message type ${type}, which is not of RFC 6143`);
  }
}

/** A server that does not know the number beforehand announces the highest one, and ends with a LastRect. */
async function readRectangles(
  input: ByteReader,
  screen: ScreenSize,
  seen: Viewer,
): Promise<Update> {
  const count = (await input.read(3)).readUInt16BE(1);
  let size = screen;
  let pixels = 0;
  let asides = 0;
  for (let index = 0; index < count && seen.uniform; index++) {
    const rectangle = await readHeader(input);
    if (rectangle.encoding !== RAW || rectangle.width * rectangle.height === 0) asides += 1;
    if (asides > MAXIMUM_ASIDES) throw new Nonsense(`${asides} rectangles without pixels`);
    if (rectangle.encoding === RAW) {
      await readPixels(input, within(rectangle, size), seen);
      pixels += rectangle.width * rectangle.height;
      continue;
    }
    const remark = await readRemark(input, rectangle);
    if (remark.kind === "last") break;
    if (remark.kind === "resized") size = remark.screen;
  }
  return { pixels, screen: size };
}

async function readHeader(input: ByteReader): Promise<Rectangle> {
  const header = await input.read(12);
  return {
    x: header.readUInt16BE(0),
    y: header.readUInt16BE(2),
    width: header.readUInt16BE(4),
    height: header.readUInt16BE(6),
    encoding: header.readInt32BE(8),
  };
}

function within(rectangle: Rectangle, size: ScreenSize): Rectangle {
  const { x, y, width, height } = rectangle;
  if (x + width > size.width || y + height > size.height) {
    throw new Nonsense("a rectangle that reaches out of the screen");
  }
  return rectangle;
}

async function readPixels(input: ByteReader, rectangle: Rectangle, seen: Viewer): Promise<void> {
  const bytes = rectangle.width * rectangle.height * BYTES_PER_PIXEL;
  for (let read = 0; read < bytes && seen.uniform; read += PIECE_BYTES) {
    const pixels = await input.read(Math.min(bytes - read, PIECE_BYTES));
    seen.add(pixels, rectangle, read / BYTES_PER_PIXEL);
  }
}
