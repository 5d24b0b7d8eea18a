import * as fc from "fast-check";

/** A change of a JSON value at one of its places, which is counted modulo how many there are. */
type Change =
  | { readonly kind: "replace"; readonly place: number; readonly by: unknown }
  | { readonly kind: "remove"; readonly place: number }
  | { readonly kind: "rename"; readonly place: number; readonly name: string }
  | { readonly kind: "multiply"; readonly place: number; readonly times: number }
  | {
      readonly kind: "wrap";
      readonly place: number;
      readonly shape: "[" | "{";
      readonly depth: number;
    }
  | { readonly kind: "move"; readonly place: number; readonly to: number };

export type JsonChanges = readonly Change[];

const strange = fc.constantFrom<unknown>(
  null,
  true,
  0,
  -1,
  1e308,
  4_294_967_296,
  "",
  "0",
  "NaN",
  "x".repeat(6000),
  "\ud800",
  "\u0000",
  "../../..",
  "mailto:x",
  "http://[",
  "%",
  "<script>",
  [],
  {},
  [[]],
  { toString: 1, valueOf: 1, length: -1 },
  { "@odata.id": "" },
);
const names = fc.constantFrom(
  "__proto__",
  "constructor",
  "toString",
  "length",
  "",
  "a".repeat(3000),
);
const place = fc.nat({ max: 100_000 });
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({
    kind: fc.constant("replace" as const),
    place,
    by: fc.oneof(strange, fc.jsonValue({ maxDepth: 3 })),
  }),
  fc.record({ kind: fc.constant("remove" as const), place }),
  fc.record({ kind: fc.constant("rename" as const), place, name: names }),
  fc.record({
    kind: fc.constant("multiply" as const),
    place,
    times: fc.constantFrom(0, 1, 2, 30),
  }),
  fc.record({
    kind: fc.constant("wrap" as const),
    place,
    shape: fc.constantFrom("[" as const, "{" as const),
    depth: fc.constantFrom(1, 3, 190, 10_000),
  }),
  fc.record({ kind: fc.constant("move" as const), place, to: place }),
);

export const jsonChanges: fc.Arbitrary<JsonChanges> = fc.array(change, { maxLength: 4 });

/** The text of the changed value. Deep nesting is put in as text, as nothing could write it that recurses. */
export function changedJson(value: unknown, list: JsonChanges): string {
  const box = { value: structuredClone(value) };
  for (const each of list) apply(box, each);
  return JSON.stringify(box.value ?? null).replaceAll(
    /"@@([[{])(\d+)@@"/gu,
    (_, shape: string, depth: string) =>
      shape === "["
        ? "[".repeat(Number(depth)) + "]".repeat(Number(depth))
        : `${'{"a":'.repeat(Number(depth))}0${"}".repeat(Number(depth))}`,
  );
}

interface Slot {
  readonly holder: Record<string, unknown> | unknown[];
  readonly key: string;
}

/** Every place where a value stands, the whole one first. */
function slotsOf(box: Record<string, unknown>): readonly Slot[] {
  const found: Slot[] = [];
  const open: (Record<string, unknown> | unknown[])[] = [box];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    for (const key of Object.keys(next)) {
      found.push({ holder: next, key });
      const value = (next as Record<string, unknown>)[key];
      if (typeof value === "object" && value !== null) open.push(value as Record<string, unknown>);
      if (found.length > 5000) return found;
    }
  }
  return found;
}

/** Defined, not assigned: `__proto__` is to be a key like any other. */
const put = (holder: object, key: string, value: unknown): void =>
  void Object.defineProperty(holder, key, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  });

function apply(box: { value: unknown }, what: Change): void {
  const slots = slotsOf(box);
  const slot = slots[what.place % slots.length];
  if (slot === undefined) return;
  const holder = slot.holder as Record<string, unknown>;
  const value = holder[slot.key];
  switch (what.kind) {
    case "replace":
      // A copy, as later changes would otherwise reach into what other inputs are made of.
      put(holder, slot.key, structuredClone(what.by));
      return;
    case "remove":
      if (Array.isArray(slot.holder)) slot.holder.splice(Number(slot.key), 1);
      else if (slot.holder !== box) delete holder[slot.key];
      return;
    case "rename":
      if (Array.isArray(slot.holder) || slot.holder === box) return;
      delete holder[slot.key];
      put(holder, what.name, value);
      return;
    case "multiply":
      put(
        holder,
        slot.key,
        Array.from({ length: what.times }, () => value),
      );
      return;
    case "wrap":
      put(holder, slot.key, `@@${what.shape}${what.depth}@@`);
      return;
    case "move": {
      const other = slots[what.to % slots.length];
      if (other === undefined || other.holder === box || slot.holder === box) return;
      // A copy, as what holds itself could not be written.
      const theirs = structuredClone((other.holder as Record<string, unknown>)[other.key]);
      put(holder, slot.key, theirs);
    }
  }
}
