import type { Share } from "../statistics/fisher-exact.ts";
import { fisherExact } from "../statistics/fisher-exact.ts";

/** Shares that chance alone sets as far apart more often than this are alike. */
const LEVEL = 0.05;

/** As an arm's settings hold it: "in 3 of 10". */
export const shareInWords = ({ hits, of }: Share): string => `in ${hits} of ${of}`;

/**
 * Whether two arms, as far as their counts tell, killed the CRM master equally often. A few trials are hit at random, so that
 * other counts alone tell nothing; null, no CRM master, is like no share.
 */
export function isSameShare(one: string | null, other: string | null): boolean {
  const [own, others] = [shareFrom(one), shareFrom(other)];
  if (own === null || others === null) return one === other;
  return fisherExact(own, others) >= LEVEL;
}

function shareFrom(words: string | null): Share | null {
  const [, hits, of] = /^in (\d+) of (\d+)$/u.exec(words ?? "") ?? [];
  const share = { hits: Number(hits), of: Number(of) };
  return share.hits <= share.of ? share : null;
}
