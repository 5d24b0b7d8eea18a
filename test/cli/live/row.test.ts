import { describe, expect, it } from "vitest";
import { columnsOf, cut, flow, padded, row } from "../../../src/cli/live/row.ts";

const loud = (text: string): string => `<${text}>`;

describe("row", () => {
  it("puts pieces side by side, paints each, and cuts at the last column", () => {
    expect(row(["ab", ["cd", loud], "ef"], 80)).toEqual({ text: "ab<cd>ef", width: 6 });
    expect(row(["ab", ["cdef", loud], "gh"], 5)).toEqual({ text: "ab<cd…>", width: 5 });
    expect(row(["ab", "cd"], 2)).toEqual({ text: "ab", width: 2 });
    expect(row(["ab"], 0)).toEqual({ text: "", width: 0 });
  });

  it("counts wide characters twice and marks not at all, and never cuts into the last column", () => {
    expect(["abc", "日本", "e\u0301", "🔥", "✓✗█▁·…"].map(columnsOf)).toEqual([3, 4, 1, 2, 6]);
    expect(cut("日本語", 5)).toBe("日本…");
    expect(cut("日本語", 4)).toBe("日…");
    expect(padded("日本", 6)).toBe("日本  ");
  });
});

describe("flow", () => {
  it("ends a line between two pieces", () => {
    expect(flow(["aa", "bb", "cc"], " ", 5).map(({ text }) => text)).toEqual(["aa bb", "cc"]);
    expect(flow(["aaaaaaa", "b"], " ", 5).map(({ text }) => text)).toEqual(["aaaa…", "b"]);
  });
});
