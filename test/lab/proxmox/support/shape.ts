/**
 * The shape of a JSON value: its types and keys. Where keys are data (node names, UIDs) or a list mixes kinds, shapes
 * are gathered under one name for each kind of thing.
 */
export type Shape = string | { readonly [key: string]: Shape };

const NODE = /^pv[789]$/;
const SERVICE = /^vm:\d+$/;
const UID = /^(u\d+|[A-Za-z0-9+/]{22})$/;

export function shapeOf(value: unknown): Shape {
  if (value === null) return "null";
  if (Array.isArray(value)) return shapeOfList(value);
  if (typeof value !== "object") return typeof value;
  const shape: Record<string, Shape> = {};
  for (const [key, each] of Object.entries(value)) {
    const name = NODE.test(key)
      ? "<node>"
      : SERVICE.test(key)
        ? "<sid>"
        : UID.test(key) && typeof each === "object"
          ? "<uid>"
          : key;
    shape[name] = merged(shape[name], shapeOf(each));
  }
  return shape;
}

/** By kind: `type` and, where it makes a difference in the keys, `status`. */
function shapeOfList(items: readonly unknown[]): Shape {
  const shape: Record<string, Shape> = {};
  for (const item of items) {
    const { type, status } = Object(item);
    const isNode = type === "node" && typeof status === "string";
    const kind = `[${typeof type === "string" ? type : ""}${isNode ? ` ${status}` : ""}]`;
    shape[kind] = merged(shape[kind], shapeOf(item));
  }
  return shape;
}

/** Two of a kind: all keys that either has. */
function merged(a: Shape | undefined, b: Shape): Shape {
  if (a === undefined || typeof a === "string" || typeof b === "string") return b;
  const keys = new Set([...Object.keys(a), ...Object.keys(b)]);
  return Object.fromEntries(
    [...keys].map((key) => {
      const inB = b[key];
      return [key, inB === undefined ? (a[key] ?? "") : merged(a[key], inB)];
    }),
  );
}
