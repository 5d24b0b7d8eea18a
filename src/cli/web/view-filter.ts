import { Buffer } from "node:buffer";

/** A part of the screen that is asked for, in pixels. */
export interface UpdateRequest {
  /** Only what has changed since. */
  readonly incremental: boolean;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** What of a browser's RFB messages may go on to a desktop: nothing that it would act on. */
export type Passed =
  | { readonly kind: "preference"; readonly bytes: Uint8Array }
  | { readonly kind: "request"; readonly request: UpdateRequest };

/** Messages of a client (RFC 6143 7.5). */
const SET_PIXEL_FORMAT = 0;
const SET_ENCODINGS = 2;
const UPDATE_REQUEST = 3;
const KEY = 4;
const POINTER = 5;
const CUT_TEXT = 6;

/** Of messages that are always as long, in bytes. */
const LENGTHS: ReadonlyMap<number, number> = new Map([
  [SET_PIXEL_FORMAT, 20],
  [UPDATE_REQUEST, 10],
  [KEY, 8],
  [POINTER, 6],
]);
const ENCODINGS_HEADER = 4;
const CUT_TEXT_HEADER = 8;
const LONGEST_CUT_TEXT = 1 << 18;
/** noVNC announces some thirty, once. */
const MOST_ENCODINGS = 128;
const MOST_PREFERENCES = 50;

/**
 * Encodings of pixels, and of the screen's size and pointer. Without those that extend the protocol (Fence, continuous
 * updates, clipboard, QEMU's keys, Xvp) a server speaks, and a browser may say, nothing else.
 */
const ENCODINGS: ReadonlySet<number> = new Set([
  0, // Raw
  1, // CopyRect
  2, // RRE
  5, // Hextile
  6, // zlib
  7, // Tight
  16, // ZRLE
  -223, // DesktopSize
  -224, // LastRect
  -239, // Cursor
]);

/**
 * Lets through what a viewer needs, and drops keys, pointer and clipboard. It knows where each message ends, so that none can
 * hide in another, and throws for a message that it does not know.
 */
export class ViewFilter {
  #rest: Buffer = Buffer.alloc(0);
  /** Bytes of cut text that are still to come, and are dropped. */
  #skip = 0;
  #preferences = 0;

  push(bytes: Uint8Array): readonly Passed[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const passed: Passed[] = [];
    for (;;) {
      const message = this.#next();
      if (message === null) return passed;
      const each = this.#pass(message);
      if (each !== null) passed.push(each);
    }
  }

  /** Null: it is not whole yet. */
  #next(): Buffer | null {
    const skipped = this.#take(Math.min(this.#skip, this.#rest.length));
    this.#skip -= skipped.length;
    const length = this.#rest.length === 0 ? null : lengthOf(this.#rest);
    return length === null || this.#rest.length < length ? null : this.#take(length);
  }

  #take(length: number): Buffer {
    const taken = this.#rest.subarray(0, length);
    this.#rest = this.#rest.subarray(length);
    return taken;
  }

  #pass(message: Buffer): Passed | null {
    switch (message.readUInt8(0)) {
      case SET_PIXEL_FORMAT:
        return this.#preference(message);
      case SET_ENCODINGS:
        return this.#preference(knownEncodings(message));
      case UPDATE_REQUEST:
        return { kind: "request", request: requestIn(message) };
      case CUT_TEXT:
        this.#skip = cutTextLength(message);
        return null;
      default:
        return null;
    }
  }

  #preference(bytes: Buffer): Passed {
    this.#preferences += 1;
    if (this.#preferences > MOST_PREFERENCES) throw new Error("it changes its mind without end");
    return { kind: "preference", bytes };
  }
}

export function updateRequest({ incremental, x, y, width, height }: UpdateRequest): Uint8Array {
  const message = Buffer.alloc(10);
  message.writeUInt8(UPDATE_REQUEST, 0);
  message.writeUInt8(incremental ? 1 : 0, 1);
  message.writeUInt16BE(x, 2);
  message.writeUInt16BE(y, 4);
  message.writeUInt16BE(width, 6);
  message.writeUInt16BE(height, 8);
  return message;
}

/** Of the message that `bytes` begins with, of a cut text without the text; null: too few bytes to tell. */
function lengthOf(bytes: Buffer): number | null {
  const type = bytes.readUInt8(0);
  const fixed = LENGTHS.get(type);
  if (fixed !== undefined) return fixed;
  if (type === CUT_TEXT) return CUT_TEXT_HEADER;
  if (type !== SET_ENCODINGS) throw new Error(`message type ${type} is none of a viewer's`);
  if (bytes.length < ENCODINGS_HEADER) return null;
  const count = bytes.readUInt16BE(2);
  if (count > MOST_ENCODINGS) throw new Error(`${count} encodings`);
  return ENCODINGS_HEADER + 4 * count;
}

/** Negative: of the extended clipboard. */
function cutTextLength(message: Buffer): number {
  const length = Math.abs(message.readInt32BE(4));
  if (length > LONGEST_CUT_TEXT) throw new Error(`${length} bytes of cut text`);
  return length;
}

function knownEncodings(message: Buffer): Buffer {
  const count = message.readUInt16BE(2);
  const offered = Array.from({ length: count }, (_, index) => message.readInt32BE(4 + 4 * index));
  const known = offered.filter((encoding) => ENCODINGS.has(encoding));
  const cut = Buffer.alloc(ENCODINGS_HEADER + 4 * known.length);
  cut.writeUInt8(SET_ENCODINGS, 0);
  cut.writeUInt16BE(known.length, 2);
  for (const [index, encoding] of known.entries()) cut.writeInt32BE(encoding, 4 + 4 * index);
  return cut;
}

const requestIn = (message: Buffer): UpdateRequest => ({
  incremental: message.readUInt8(1) !== 0,
  x: message.readUInt16BE(2),
  y: message.readUInt16BE(4),
  width: message.readUInt16BE(6),
  height: message.readUInt16BE(8),
});
