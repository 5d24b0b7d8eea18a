import type { CST } from "yaml";
import { Parser } from "yaml";

/**
 * How many collections lie in each other at the deepest place. It walks without recursion: the parser proper recurses,
 * and on a stack that is nearly full Node does not throw but dies (a regular expression that cannot be compiled there
 * is fatal), so a text must be measured before it is parsed.
 */
export function nestingOf(text: string): number {
  let deepest = 0;
  const open: { readonly token: CST.Token; readonly depth: number }[] = [];
  for (const token of new Parser().parse(text)) open.push({ token, depth: 0 });
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    deepest = Math.max(deepest, depth);
    for (const child of childrenOf(token)) open.push({ token: child, depth: depth + 1 });
  }
  return deepest;
}

function childrenOf(token: CST.Token): readonly CST.Token[] {
  if (token.type === "document") return token.value === undefined ? [] : [token.value];
  if (!("items" in token)) return [];
  return token.items
    .flatMap((item) => [item.key, item.value])
    .filter((child) => child !== undefined && child !== null);
}
