import { Nonsense } from "../attempt-failure.ts";
import type { ByteReader } from "./byte-reader.ts";

/** The most of a clipboard, cursor or the like that is read to get past it, in bytes. */
const MAXIMUM_SKIPPED_BYTES = 1 << 20;
const PIECE_BYTES = 4096;

/** Reads `count` bytes of `what`, which nobody looks at, piece by piece. Throws `Nonsense` for a huge one. */
export async function skip(input: ByteReader, count: number, what: string): Promise<void> {
  if (count > MAXIMUM_SKIPPED_BYTES) throw new Nonsense(`${what} of ${count} bytes`);
  for (let left = count; left > 0; left -= PIECE_BYTES) {
    await input.read(Math.min(left, PIECE_BYTES));
  }
}
