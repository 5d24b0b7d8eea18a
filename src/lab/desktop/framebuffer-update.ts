import type { Frame } from "./picture.ts";
import { paint } from "./picture.ts";
import type { PixelFormat } from "./pixel-format.ts";
import { pixelWriter } from "./pixel-format.ts";
import type { Rectangle } from "./rectangle.ts";

const HEADER_LENGTH = 4;
const RECTANGLE_HEADER_LENGTH = 12;

/** One FramebufferUpdate in the Raw encoding, which every client must understand (RFC 6143 7.6.1, 7.7.1). */
export function framebufferUpdate(
  areas: readonly Rectangle[],
  frame: Frame,
  format: PixelFormat,
): Buffer {
  const header = Buffer.alloc(HEADER_LENGTH);
  header.writeUInt16BE(areas.length, 2);
  return Buffer.concat([header, ...areas.map((area) => raw(area, frame, format))]);
}

function raw(area: Rectangle, frame: Frame, format: PixelFormat): Buffer {
  const size = area.width * area.height * (format.bitsPerPixel / 8);
  const bytes = Buffer.alloc(RECTANGLE_HEADER_LENGTH + size);
  for (const [index, value] of [area.x, area.y, area.width, area.height].entries()) {
    bytes.writeUInt16BE(value, 2 * index);
  }
  paint(area, frame, pixelWriter(format, bytes, RECTANGLE_HEADER_LENGTH));
  return bytes;
}
