import { frame, frameHeader } from "./wire.ts";

/** What the played VNC server says (RFC 6143), as WebSocket messages that are made once. */

const NAME = Buffer.from("played desktop");
const SCREEN = { width: 1024, height: 768 } as const;
/** Little endian, 32 bits a pixel, depth 24, true colour. */
const PIXEL_FORMAT = Buffer.from([32, 24, 0, 1, 0, 255, 0, 255, 0, 255, 16, 8, 0, 0, 0, 0]);
/** No client here asks for more at once. */
const LARGEST_SIDE = 64;
const BYTES_PER_PIXEL = 4;
const UPDATE_HEADER_BYTES = 16;

export const greeting = frame(Buffer.from("RFB 003.008\n", "latin1"));
/** One type of security: none. */
export const securityTypes = frame(Buffer.from([1, 1]));
export const securityOk = frame(Buffer.alloc(4));
export const serverInit = frame(serverInitMessage());

function serverInitMessage(): Buffer {
  const fixed = Buffer.alloc(24);
  fixed.writeUInt16BE(SCREEN.width, 0);
  fixed.writeUInt16BE(SCREEN.height, 2);
  PIXEL_FORMAT.copy(fixed, 4);
  fixed.writeUInt32BE(NAME.length, 20);
  return Buffer.concat([fixed, NAME]);
}

/** Stripes, so that no part of it is of one colour. */
const pixels = Buffer.alloc(LARGEST_SIDE * LARGEST_SIDE * BYTES_PER_PIXEL);
for (let index = 0; index < LARGEST_SIDE * LARGEST_SIDE; index++) {
  pixels.writeUInt32LE(index % 2 === 0 ? 0x10_1c_2a : 0xff_9e_2c, index * BYTES_PER_PIXEL);
}

/** A FramebufferUpdate in the Raw encoding for a FramebufferUpdateRequest: what comes before the pixels, and they. */
export function updateFor(request: Buffer): readonly [head: Buffer, pixels: Buffer] {
  const [width, height] = [request.readUInt16BE(6), request.readUInt16BE(8)];
  if (width > LARGEST_SIDE || height > LARGEST_SIDE)
    throw new Error("more than a tile was asked for");
  const body = pixels.subarray(0, width * height * BYTES_PER_PIXEL);
  const update = Buffer.alloc(UPDATE_HEADER_BYTES);
  update.writeUInt16BE(1, 2);
  request.copy(update, 4, 2, 10);
  return [Buffer.concat([frameHeader(UPDATE_HEADER_BYTES + body.length), update]), body];
}
