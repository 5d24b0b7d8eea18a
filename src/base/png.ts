import { Buffer } from "node:buffer";
import { promisify } from "node:util";
import { crc32, deflate } from "node:zlib";
import { assert } from "./assert.ts";

/** An image of up to 256 colours. */
export interface IndexedImage {
  readonly width: number;
  readonly height: number;
  /** Red, green and blue of each colour, in bytes. */
  readonly palette: Uint8Array;
  /** The number of each pixel's colour, row by row from the top. */
  readonly pixels: Uint8Array;
}

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const INDEXED = 3;
const MOST_COLOURS = 256;
/** The smallest output: a picture is written once, beside work that waits for minutes. */
const LEVEL = 9;

const deflated = promisify<Uint8Array, { level: number }, Buffer>(deflate);

/** PNG (W3C, second edition) of an indexed image, without filters, as it advises for palettes. The same image gives the same bytes. */
export async function encodePng(image: IndexedImage): Promise<Uint8Array> {
  const { width, height, palette } = image;
  const colours = palette.length / 3;
  assert(width > 0 && height > 0, `an image of ${width} x ${height} pixels`);
  assert(colours >= 1 && colours <= MOST_COLOURS, `a palette of ${colours} colours`);
  const depth = bitsFor(colours);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([depth, INDEXED], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk("IHDR", header),
    chunk("PLTE", palette),
    chunk("IDAT", await deflated(rowsOf(image, depth), { level: LEVEL })),
    chunk("IEND", new Uint8Array()),
  ]);
}

/** Bits of a pixel: those that PNG has. */
function bitsFor(colours: number): 1 | 2 | 4 | 8 {
  if (colours <= 2) return 1;
  if (colours <= 4) return 2;
  return colours <= 16 ? 4 : 8;
}

/** Each row begins with its filter, which is none, and in a whole byte. */
function rowsOf({ width, height, pixels }: IndexedImage, depth: 1 | 2 | 4 | 8): Uint8Array {
  const perByte = 8 / depth;
  const stride = 1 + Math.ceil(width / perByte);
  const rows = new Uint8Array(stride * height);
  if (depth === 8) {
    for (let y = 0; y < height; y++) {
      rows.set(pixels.subarray(y * width, (y + 1) * width), y * stride + 1);
    }
    return rows;
  }
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = y * stride + 1 + Math.floor(x / perByte);
      const shift = 8 - depth * ((x % perByte) + 1);
      rows[at] = (rows[at] ?? 0) | ((pixels[y * width + x] ?? 0) << shift);
    }
  }
  return rows;
}

function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const [length, check] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  check.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, check]);
}
