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

const word = (random: Random): string =>
  Math.floor(random.next() * 2 ** 32)
    .toString(16)
    .padStart(8, "0");
