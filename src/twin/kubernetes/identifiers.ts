import type { Random } from "../../contracts/random.ts";

/** Kubernetes' alphabet for generated names: no vowels, so no words. */
const SUFFIX_LETTERS = "bcdfghjklmnpqrstvwxz2456789";

/** Five letters, as `generateName` adds them. */
export function suffixFrom(random: Random): string {
  let text = "";
  for (let index = 0; index < 5; index++) {
    text += SUFFIX_LETTERS.charAt(Math.floor(random.next() * SUFFIX_LETTERS.length));
  }
  return text;
}

/** A version 4 UUID from the seed. */
export function uuidFrom(random: Random): string {
  const [a, b, c, d] = [word(random), word(random), word(random), word(random)];
  const third = `4${b.slice(5)}`;
  return `${a}-${b.slice(0, 4)}-${third}-a${c.slice(1, 4)}-${c.slice(4)}${d}`;
}

/** By bytes, since a prediction makes millions of them, and V8 writes a number of 32 bits slowly. */
function word(random: Random): string {
  const bits = Math.floor(random.next() * 2 ** 32);
  return hex(bits >>> 24) + hex((bits >>> 16) & 0xff) + hex((bits >>> 8) & 0xff) + hex(bits & 0xff);
}

const BYTES = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
const hex = (byte: number): string => BYTES[byte] ?? "";
