import type { Document } from "yaml";
import { isAlias, isMap, isNode, isScalar, isSeq } from "yaml";
import type { Path } from "../problem.ts";

/** Where, in characters from the start of the file, a value and its key are written. */
export interface Written {
  readonly key: number;
  readonly value: number;
}

/** Follows `path` through maps, lists and aliases as far as it goes: a missing value gives its nearest parent's place. */
export function nodeAt(document: Document, path: Path): Written {
  let node: unknown = document.contents;
  let written: Written = { key: startOf(node) ?? 0, value: startOf(node) ?? 0 };
  for (const step of path) {
    const child = childOf(resolved(node, document), step);
    if (child === null) break;
    const key = startOf(child.key) ?? startOf(child.value) ?? written.value;
    written = { key, value: startOf(child.value) ?? key };
    node = child.value;
  }
  return written;
}

function resolved(node: unknown, document: Document): unknown {
  return isAlias(node) ? node.resolve(document) : node;
}

function childOf(node: unknown, step: string | number): { key: unknown; value: unknown } | null {
  if (isSeq(node)) {
    const item = node.items[Number(step)];
    return item === undefined ? null : { key: item, value: item };
  }
  if (!isMap(node)) return null;
  const pair = node.items.find(
    (item) => isScalar(item.key) && String(item.key.value) === String(step),
  );
  return pair === undefined ? null : { key: pair.key, value: pair.value };
}

function startOf(node: unknown): number | null {
  return isNode(node) && node.range ? node.range[0] : null;
}
