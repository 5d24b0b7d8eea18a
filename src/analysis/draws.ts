import type { Random } from "../contracts/random.ts";

/**
 * Numbers in [0, 1) that seed and label fix: the same run gives the same report on every machine, and one arm's numbers
 * do not depend on the others'. mulberry32 (public domain, Tommy Ettinger), started from FNV-1a. Not for secrets.
 */
export function drawsOf(seed: number, label: string): () => number {
  let state = fnv1a(`${seed}/${label}`);
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The same as a source of streams, each fixed by its own label. */
export function randomOf(seed: number, label: string): Random {
  const own = fnv1a(`${seed}/${label}`);
  return { seed: own, next: drawsOf(own, ""), fork: (name) => randomOf(own, name) };
}

function fnv1a(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index++) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}
