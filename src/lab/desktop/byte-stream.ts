import { present } from "../../base/assert.ts";

/** A visitor that sends more than this without being read is not a VNC client. */
const MAXIMUM_BUFFERED = 1 << 20;

/** Reading turns the bytes of a socket into awaited pieces. One reader at a time. */
export class ByteStream {
  #chunks: Buffer[] = [];
  #length = 0;
  #ended: Error | null = null;
  #wake: (() => void) | null = null;

  push(chunk: Buffer): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    if (this.#length > MAXIMUM_BUFFERED) this.end(new Error("too much at once"));
    this.#notify();
  }

  end(reason: Error): void {
    this.#ended ??= reason;
    this.#notify();
  }

  /** Exactly `count` bytes; rejects once the stream has ended. */
  async read(count: number): Promise<Buffer> {
    while (this.#length < count) {
      if (this.#ended !== null) throw this.#ended;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    if (this.#ended !== null) throw this.#ended;
    const all = this.#chunks.length === 1 ? present(this.#chunks[0], "chunk") : this.#joined();
    const rest = all.subarray(count);
    this.#chunks = rest.length === 0 ? [] : [rest];
    this.#length = rest.length;
    return all.subarray(0, count);
  }

  #joined(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = null;
  }
}
