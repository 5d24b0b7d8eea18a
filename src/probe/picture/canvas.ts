import type { ScreenSize, Tile } from "../frame-places.ts";
import type { Rectangle } from "../rfb/pseudo-rectangle.ts";
import type { Viewer } from "../rfb/read-update.ts";

const CHANNELS = 3;

/** A screen that is filled in by what a server sends, in whatever pieces. */
export class Canvas implements Viewer {
  /** It wants all of it. */
  readonly uniform = true;
  readonly screen: ScreenSize;
  /** Row by row from the top, red, green and blue. */
  readonly rgb: Uint8Array;
  /** One for each pixel that has come. */
  readonly #seen: Uint8Array;
  #missing: number;

  constructor(screen: ScreenSize) {
    const pixels = screen.width * screen.height;
    this.screen = screen;
    this.rgb = new Uint8Array(pixels * CHANNELS);
    this.#seen = new Uint8Array(pixels);
    this.#missing = pixels;
  }

  get isWhole(): boolean {
    return this.#missing === 0;
  }

  get missing(): number {
    return this.#missing;
  }

  add(pixels: Buffer, { x, y, width }: Rectangle, first: number): void {
    let column = first % width;
    let row = Math.floor(first / width);
    for (let offset = 0; offset < pixels.length; offset += 4) {
      this.#put((y + row) * this.screen.width + x + column, pixels.readUInt32LE(offset));
      column += 1;
      if (column < width) continue;
      column = 0;
      row += 1;
    }
  }

  covers({ x, y, width, height }: Tile): boolean {
    for (let row = y; row < y + height; row++) {
      const start = row * this.screen.width + x;
      if (this.#seen.subarray(start, start + width).includes(0)) return false;
    }
    return true;
  }

  /** @param colour 0xRRGGBB, as `preferences` ask for it */
  #put(at: number, colour: number): void {
    this.rgb[at * CHANNELS] = (colour >> 16) & 0xff;
    this.rgb[at * CHANNELS + 1] = (colour >> 8) & 0xff;
    this.rgb[at * CHANNELS + 2] = colour & 0xff;
    if (this.#seen[at] !== 0) return;
    this.#seen[at] = 1;
    this.#missing -= 1;
  }
}
