import * as fc from "fast-check";
import { expect, test } from "vitest";
import { plainText } from "../../src/base/plain-text.ts";
import { hostile } from "../support/fake-report.ts";

test("plainText takes terminal sequences out whole, not only their first byte", () => {
  expect(plainText("\u001b[1;31mred\u001b[0m")).toBe("red");
  expect(plainText("\u001b]0;a title\u0007shown")).toBe("shown");
  expect(plainText("\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\")).toBe("link");
  expect(plainText("\u009b2Jcleared\u0090secret\u009cend")).toBe("clearedend");
  expect(plainText("\u001bcreset")).toBe("reset");
});

test("plainText makes one line of several", () => {
  expect(plainText("  one\r\ntwo\tthree\u2028four ")).toBe("one two three four");
});

test("plainText keeps letters of every script, and emoji", () => {
  expect(plainText("Zürich 東京 🖥 ± –")).toBe("Zürich 東京 🖥 ± –");
});

test("plainText leaves nothing that steers a terminal, a writing direction or an XML reader", () => {
  const bits = fc.constantFrom(
    hostile,
    "\u001b[",
    "\u001b]",
    "\u009d",
    "\u0007",
    "\u202e",
    "\ud800",
    "\n",
  );
  const text = fc
    .array(fc.oneof(bits, fc.string({ unit: "binary" })))
    .map((parts) => parts.join(""));
  fc.assert(
    fc.property(text, (foreign) => {
      const plain = plainText(foreign);
      expect(plain).not.toMatch(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\uFFFE\uFFFF]/u);
      expect(plainText(plain)).toBe(plain);
    }),
    { seed: 7, numRuns: 500 },
  );
});
