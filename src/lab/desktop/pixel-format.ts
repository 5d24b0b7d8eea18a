import type { Colour } from "./picture.ts";

/** True colour, as RFC 6143 7.4 lays it out. */
export interface PixelFormat {
  readonly bitsPerPixel: 8 | 16 | 32;
  readonly bigEndian: boolean;
  readonly red: Channel;
  readonly green: Channel;
  readonly blue: Channel;
}

interface Channel {
  readonly maximum: number;
  readonly shift: number;
}

/** Bytes of a pixel format on the wire. */
export const FORMAT_LENGTH = 16;

/** What the server offers, and most clients ask for: 32 bits, 0x00RRGGBB, little endian. */
export const NATIVE_FORMAT: PixelFormat = {
  bitsPerPixel: 32,
  bigEndian: false,
  red: { maximum: 255, shift: 16 },
  green: { maximum: 255, shift: 8 },
  blue: { maximum: 255, shift: 0 },
};

export function encodeFormat(format: PixelFormat): Buffer {
  const bytes = Buffer.alloc(FORMAT_LENGTH);
  bytes.set([format.bitsPerPixel, format.bitsPerPixel === 32 ? 24 : format.bitsPerPixel]);
  bytes.set([format.bigEndian ? 1 : 0, 1], 2);
  const channels = [format.red, format.green, format.blue];
  for (const [index, channel] of channels.entries()) {
    bytes.writeUInt16BE(channel.maximum, 4 + 2 * index);
    bytes.writeUInt8(channel.shift, 10 + index);
  }
  return bytes;
}

/** Null for what this server does not draw: colour maps, odd depths, channels beyond the pixel. */
export function decodeFormat(bytes: Buffer): PixelFormat | null {
  const bitsPerPixel = bytes.readUInt8(0);
  if (bitsPerPixel !== 8 && bitsPerPixel !== 16 && bitsPerPixel !== 32) return null;
  if (bytes.readUInt8(3) === 0) return null;
  const channel = (index: number): Channel => ({
    maximum: bytes.readUInt16BE(4 + 2 * index),
    shift: bytes.readUInt8(10 + index),
  });
  const [red, green, blue] = [channel(0), channel(1), channel(2)];
  const fits = (each: Channel): boolean =>
    each.shift < bitsPerPixel && each.maximum * 2 ** each.shift < 2 ** bitsPerPixel;
  if (![red, green, blue].every(fits)) return null;
  return { bitsPerPixel, bigEndian: bytes.readUInt8(2) !== 0, red, green, blue };
}

/** A function that writes one colour after another into `bytes`, from `offset` on. */
export function pixelWriter(
  format: PixelFormat,
  bytes: Buffer,
  offset: number,
): (colour: Colour) => void {
  const [red, green, blue] = [table(format.red), table(format.green), table(format.blue)];
  const size = format.bitsPerPixel / 8;
  let position = offset;
  return (colour) => {
    const value =
      ((red[colour >> 16] ?? 0) | (green[(colour >> 8) & 255] ?? 0) | (blue[colour & 255] ?? 0)) >>>
      0;
    if (format.bigEndian) bytes.writeUIntBE(value, position, size);
    else bytes.writeUIntLE(value, position, size);
    position += size;
  };
}

/** What each of 256 intensities is in a channel, shifted to its place. */
const table = (channel: Channel): Uint32Array =>
  Uint32Array.from({ length: 256 }, (_, intensity) =>
    channel.maximum === 0
      ? 0
      : (Math.round((intensity * channel.maximum) / 255) << channel.shift) >>> 0,
  );
