import { Nonsense } from "../attempt-failure.ts";
import type { ScreenSize } from "../frame-places.ts";
import type { ByteReader } from "./byte-reader.ts";
import { BYTES_PER_PIXEL, DESKTOP_SIZE, LAST_RECTANGLE, RAW } from "./messages.ts";
import type { Uniformity } from "./uniformity.ts";

/** What one FramebufferUpdate brought. */
export interface Update {
  readonly pixels: number;
  readonly screen: ScreenSize;
}

/** Other messages that a server may send before the awaited one; more would be a flood. */
const MAXIMUM_ASIDES = 100;
const MAXIMUM_CUT_TEXT_BYTES = 1 << 20;
/** Pixels are judged in pieces of this size, so that a picture is seen before its frame is complete. */
const PIECE_BYTES = 4096;
/** A server that does not know the number beforehand sends this, and a LastRect (pseudo-encoding -224) at the end. */
const UNKNOWN_COUNT = 0xffff;

/**
 * The next FramebufferUpdate, or as much of it as shows a picture: as soon as `seen` is no longer uniform the rest does
 * not matter. Bells, clipboards and colour maps before it are passed over. Throws `Nonsense`.
 */
export async function readUpdate(
  input: ByteReader,
  screen: ScreenSize,
  seen: Uniformity,
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
      await skip(input, header.readUInt16BE(3) * 6);
      return;
    }
    case 2:
      return;
    case 3: {
      const header = await input.read(7);
      const length = header.readUInt32BE(3);
      if (length > MAXIMUM_CUT_TEXT_BYTES) throw new Nonsense(`a clipboard of ${length} bytes`);
      await skip(input, length);
      return;
    }
    default:
      throw new Nonsense(`message type ${type}, which is not of RFC 6143`);
  }
}

async function skip(input: ByteReader, count: number): Promise<void> {
  for (let left = count; left > 0; left -= PIECE_BYTES) {
    await input.read(Math.min(left, PIECE_BYTES));
  }
}

async function readRectangles(
  input: ByteReader,
  screen: ScreenSize,
  seen: Uniformity,
): Promise<Update> {
  const count = (await input.read(3)).readUInt16BE(1);
  let size = screen;
  let pixels = 0;
  for (let index = 0; index < count && seen.uniform; index++) {
    const header = await input.read(12);
    const width = header.readUInt16BE(4);
    const height = header.readUInt16BE(6);
    const encoding = header.readInt32BE(8);
    if (encoding === LAST_RECTANGLE && count === UNKNOWN_COUNT) break;
    if (encoding === DESKTOP_SIZE) {
      size = { width, height };
      continue;
    }
    if (encoding !== RAW) throw new Nonsense(`encoding ${encoding}, which was not asked for`);
    if (
      header.readUInt16BE(0) + width > size.width ||
      header.readUInt16BE(2) + height > size.height
    ) {
      throw new Nonsense("a rectangle that reaches out of the screen");
    }
    await readPixels(input, width * height, seen);
    pixels += width * height;
  }
  return { pixels, screen: size };
}

async function readPixels(input: ByteReader, count: number, seen: Uniformity): Promise<void> {
  for (let left = count * BYTES_PER_PIXEL; left > 0 && seen.uniform; left -= PIECE_BYTES) {
    seen.add(await input.read(Math.min(left, PIECE_BYTES)));
  }
}
