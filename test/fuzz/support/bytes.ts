import * as fc from "fast-check";

/** Places are taken modulo the length of what is changed, so that every change fits. */
type Change =
  | { readonly kind: "flip"; readonly place: number; readonly value: number }
  | { readonly kind: "cut"; readonly place: number; readonly length: number }
  | { readonly kind: "end"; readonly place: number }
  | {
      readonly kind: "repeat";
      readonly place: number;
      readonly length: number;
      readonly times: number;
    }
  | { readonly kind: "swap"; readonly place: number; readonly length: number }
  | { readonly kind: "insert"; readonly place: number; readonly bytes: Uint8Array }
  /** A length, or whatever number stands there, of a few bytes. */
  | {
      readonly kind: "number";
      readonly place: number;
      readonly size: 1 | 2 | 4;
      readonly value: number;
    };

const place = fc.oneof(fc.nat({ max: 63 }), fc.nat({ max: 65_535 }));
const length = fc.integer({ min: 1, max: 64 });
const telling = fc.constantFrom(0, 1, 2, 3, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0xffff_ffff);

const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ kind: fc.constant("flip" as const), place, value: fc.integer({ min: 1, max: 255 }) }),
  fc.record({ kind: fc.constant("cut" as const), place, length }),
  fc.record({ kind: fc.constant("end" as const), place }),
  fc.record({
    kind: fc.constant("repeat" as const),
    place,
    length,
    times: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ kind: fc.constant("swap" as const), place, length }),
  fc.record({
    kind: fc.constant("insert" as const),
    place,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 40 }),
  }),
  fc.record({
    kind: fc.constant("number" as const),
    place,
    size: fc.constantFrom(1 as const, 2 as const, 4 as const),
    value: fc.oneof(telling, fc.nat({ max: 0xffff_ffff })),
  }),
);

export type Changes = readonly Change[];

/** None (one in six: what is right must stay right), one, or some. */
export const changes = (most = 5): fc.Arbitrary<Changes> => fc.array(change, { maxLength: most });

export const changed = (bytes: Buffer, list: Changes): Buffer =>
  list.reduce<Buffer>(
    (before, each) => (before.length === 0 ? before : apply(before, each)),
    bytes,
  );

const parts = (...list: readonly Uint8Array[]): Buffer => Buffer.concat(list);

function apply(bytes: Buffer, what: Change): Buffer {
  const at = what.place % bytes.length;
  switch (what.kind) {
    case "flip": {
      const copy = Buffer.from(bytes);
      copy.writeUInt8(copy.readUInt8(at) ^ what.value, at);
      return copy;
    }
    case "cut":
      return parts(bytes.subarray(0, at), bytes.subarray(at + what.length));
    case "end":
      return bytes.subarray(0, at);
    case "repeat": {
      const piece = bytes.subarray(at, at + what.length);
      const again = Array.from({ length: what.times }, () => piece);
      return parts(bytes.subarray(0, at), ...again, bytes.subarray(at));
    }
    case "swap": {
      const middle = at + what.length;
      const end = middle + what.length;
      return parts(
        bytes.subarray(0, at),
        bytes.subarray(middle, end),
        bytes.subarray(at, middle),
        bytes.subarray(end),
      );
    }
    case "insert":
      return parts(bytes.subarray(0, at), what.bytes, bytes.subarray(at));
    case "number": {
      const copy = Buffer.from(bytes);
      const wide = Buffer.alloc(4);
      wide.writeUInt32BE(what.value);
      wide.copy(copy, at, 4 - what.size);
      return copy;
    }
  }
}

/** Cuts bytes into pieces at some places. */
export const places: fc.Arbitrary<readonly number[]> = fc.array(fc.nat({ max: 65_535 }), {
  maxLength: 12,
});
export function cutAt(bytes: Buffer, cuts: readonly number[]): readonly Buffer[] {
  const sorted = [0, ...cuts.map((each) => each % (bytes.length + 1)), bytes.length].toSorted(
    (a, b) => a - b,
  );
  return sorted.slice(1).map((end, index) => bytes.subarray(sorted[index], end));
}
