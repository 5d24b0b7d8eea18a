/** Without the byte that no colour uses, and that servers fill with anything. */
const COLOUR_BITS = 0x00ff_ffff;

/** Whether all pixels seen so far have one colour. */
export class Uniformity {
  #colour: number | null = null;
  #uniform = true;

  get uniform(): boolean {
    return this.#uniform;
  }

  /** Whole pixels of 32 bits, little endian. */
  add(pixels: Buffer): void {
    for (let offset = 0; this.#uniform && offset < pixels.length; offset += 4) {
      const colour = pixels.readUInt32LE(offset) & COLOUR_BITS;
      this.#colour ??= colour;
      this.#uniform = colour === this.#colour;
    }
  }
}
