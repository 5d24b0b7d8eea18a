/** The allowed word that the user most likely meant; null when none is near. */
export function nearest(word: string, allowed: readonly string[]): string | null {
  const begun = allowed.find((candidate) => word.length > 2 && candidate.startsWith(word));
  if (begun !== undefined) return begun;
  let best: string | null = null;
  let least = Math.max(1, Math.floor(word.length / 2)) + 1;
  for (const candidate of allowed) {
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    if (distance < least) [best, least] = [candidate, distance];
  }
  return best;
}

/** `allowed: a, b; did you mean "a"?` */
export function allowedHint(word: string, allowed: readonly string[]): string {
  const near = nearest(word, allowed);
  const list = `allowed: ${allowed.length === 0 ? "none" : allowed.join(", ")}`;
  return near === null ? list : `${list}; did you mean "${near}"?`;
}

/** A longer word is no typing error of ours; the limit keeps the work small. */
const LONGEST_WORD = 64;

/** Levenshtein's: insertions, deletions and replacements of one letter. */
function editDistance(a: string, b: string): number {
  if (a.length > LONGEST_WORD || b.length > LONGEST_WORD) return Number.POSITIVE_INFINITY;
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [row, letter] of Array.from(a).entries()) {
    const current = [row + 1];
    for (const [column, other] of Array.from(b).entries()) {
      const replaced = (previous[column] ?? 0) + (letter === other ? 0 : 1);
      const inserted = (current[column] ?? 0) + 1;
      const deleted = (previous[column + 1] ?? 0) + 1;
      current.push(Math.min(replaced, inserted, deleted));
    }
    previous = current;
  }
  return previous.at(-1) ?? 0;
}
