import { AttemptFailure } from "../attempt-failure.ts";
import type { ScreenSize } from "../frame-places.ts";
import type { ByteReader } from "./byte-reader.ts";
import {
  CURSOR,
  describeEncoding,
  DESKTOP_NAME,
  DESKTOP_SIZE,
  EXTENDED_DESKTOP_SIZE,
  LAST_RECTANGLE,
  POINTER_POSITION,
  RAW,
  X_CURSOR,
} from "./encodings.ts";
import { BYTES_PER_PIXEL } from "./messages.ts";
import { skip } from "./skip.ts";

/** The header of a rectangle (RFC 6143, 7.6.1). */
export interface Rectangle {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly encoding: number;
}

/** What a rectangle says that brings no pixels. */
export type Remark =
  | { readonly kind: "aside" }
  | { readonly kind: "resized"; readonly screen: ScreenSize }
  | { readonly kind: "last" };

const ASIDE: Remark = { kind: "aside" };
const BYTES_PER_SCREEN = 16;
/** Of a cursor of two colours: red, green and blue of each. */
const TWO_COLOURS_BYTES = 6;

/**
 * Reads what follows the header of a rectangle that is not Raw. Some servers send such ones though nobody announced them;
 * those that are known are passed over. Pixels in another encoding cannot be: an rfb failure, as what follows is unknown.
 */
export async function readRemark(input: ByteReader, rectangle: Rectangle): Promise<Remark> {
  const { width, height } = rectangle;
  switch (rectangle.encoding) {
    case LAST_RECTANGLE:
      return { kind: "last" };
    case DESKTOP_SIZE:
      return { kind: "resized", screen: { width, height } };
    case EXTENDED_DESKTOP_SIZE:
      return await readLayout(input, rectangle);
    case CURSOR:
      await skip(input, width * height * BYTES_PER_PIXEL + maskBytes(rectangle), "a cursor");
      return ASIDE;
    case X_CURSOR:
      if (width * height === 0) return ASIDE;
      await skip(input, TWO_COLOURS_BYTES + 2 * maskBytes(rectangle), "a cursor");
      return ASIDE;
    case DESKTOP_NAME:
      await skip(input, await input.readUInt32(), "a desktop name");
      return ASIDE;
    case POINTER_POSITION:
      return ASIDE;
    default:
      throw new AttemptFailure({
        kind: "rfb",
        detail: `the server sent encoding ${describeEncoding(rectangle.encoding)}, though of all encodings only Raw (${RAW}) was announced`,
      });
  }
}

/** One bit a pixel, each row in whole bytes. */
const maskBytes = ({ width, height }: Rectangle): number => Math.ceil(width / 8) * height;

/** How several screens make up the desktop. `y` is a status: but for zero, a client asked for a size in vain. */
async function readLayout(input: ByteReader, rectangle: Rectangle): Promise<Remark> {
  const { y: status, width, height } = rectangle;
  const screens = (await input.read(4)).readUInt8(0);
  await skip(input, screens * BYTES_PER_SCREEN, "a screen layout");
  return status === 0 ? { kind: "resized", screen: { width, height } } : ASIDE;
}
