import { expect, test } from "vitest";
import { hash128 } from "../../src/base/hash-128.ts";

// Of Go's hash/fnv, which has them from the authors' own programs.
test.each([
  ["", "6c62272e07bb014262b821756295c58d"],
  ["a", "d228cb696f1a8caf78912b704e4a8964"],
  ["ab", "08809544bbab1be95aa0733055b69a62"],
  ["abc", "a68d622cec8b5822836dbc7977af7f3b"],
])("hash128 of %j is FNV-1a's", (text, hash) => {
  expect(hash128(text)).toBe(hash);
});
