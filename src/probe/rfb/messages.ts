import type { Tile } from "../frame-places.ts";
import { ANNOUNCED } from "./encodings.ts";

/** Messages of the client (RFC 6143, 7.4 and 7.5). */

/** Bytes of one pixel in the format that `setPixelFormat` asks for. */
export const BYTES_PER_PIXEL = 4;

/** 32 bits per pixel, depth 24, little endian, true colour, 0x00RRGGBB. */
const setPixelFormat = Buffer.from([
  0, 0, 0, 0, 32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0,
]);

const setEncodings = Buffer.alloc(4 + 4 * ANNOUNCED.length);
setEncodings.writeUInt8(2, 0);
setEncodings.writeUInt16BE(ANNOUNCED.length, 2);
for (const [index, encoding] of ANNOUNCED.entries()) {
  setEncodings.writeInt32BE(encoding, 4 + 4 * index);
}

/** What is said once, before the first request. */
export const preferences = Buffer.concat([setPixelFormat, setEncodings]);

/** Asks for the whole of `tile`, changed or not. */
export function updateRequest(tile: Tile): Buffer {
  const message = Buffer.alloc(10);
  message.writeUInt8(3, 0);
  message.writeUInt16BE(tile.x, 2);
  message.writeUInt16BE(tile.y, 4);
  message.writeUInt16BE(tile.width, 6);
  message.writeUInt16BE(tile.height, 8);
  return message;
}
