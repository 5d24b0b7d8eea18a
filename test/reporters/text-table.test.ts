import * as fc from "fast-check";
import { expect, test } from "vitest";
import type { TextColumn } from "../../src/reporters/text-table.ts";
import { textTable, wrap } from "../../src/reporters/text-table.ts";

const same = (text: string): string => text;
const column = (title: string, importance: number, ...cells: readonly string[]): TextColumn => ({
  title,
  importance,
  cells,
  align: importance === 0 ? "left" : "right",
  paint: same,
});

const columns = [
  column("arm", 0, "a", "bb"),
  column("median", 1, "1.5", "22.5"),
  column("p95", 2, "9", "10"),
];

const titles = (width: number): string => textTable(columns, { width, paintTitle: same })[0] ?? "";

test("textTable aligns numbers on their right", () => {
  expect(textTable(columns, { width: 80, paintTitle: same })).toEqual([
    "arm  median  p95",
    "a       1.5    9",
    "bb     22.5   10",
  ]);
});

test("textTable drops the least important columns first, and never wraps", () => {
  expect(titles(16)).toBe("arm  median  p95");
  expect(titles(15)).toBe("arm  median");
  expect(titles(10)).toBe("arm");
  expect(titles(1)).toBe("arm");
});

test("textTable paints after it has padded, so that colour does not shift a column", () => {
  const painted = columns.map((each) => ({ ...each, paint: (text: string) => `<${text}>` }));
  expect(textTable(painted, { width: 80, paintTitle: same })[1]).toBe("<a  >  <   1.5>  <  9>");
});

test("wrap loses no word and keeps every line within the width, but for a longer word", () => {
  const words = fc.array(fc.stringMatching(/^[a-z]{1,12}$/u), { minLength: 1, maxLength: 40 });
  fc.assert(
    fc.property(words, fc.integer({ min: 15, max: 60 }), (list, width) => {
      const lines = wrap(list.join(" "), width, "  ");
      expect(lines.map((line) => line.trim()).join(" ")).toBe(list.join(" "));
      expect(lines.every((line) => line.length <= width)).toBe(true);
    }),
    { seed: 11, numRuns: 200 },
  );
});
