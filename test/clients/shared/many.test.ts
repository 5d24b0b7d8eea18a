import { describe, expect, it } from "vitest";
import { z } from "zod";
import { listOf, recordOf } from "../../../src/clients/shared/many.ts";
import { parse } from "../../../src/clients/shared/parse.ts";

const named = z.looseObject({ name: z.string() });

describe("listOf", () => {
  it("reads a list, and says which entry is wrong", () => {
    expect(parse(listOf(named), [{ name: "a", more: 1 }], "x")).toEqual([{ name: "a", more: 1 }]);
    expect(() => parse(listOf(named), [{ name: "a" }, { name: 1 }], "x")).toThrow(/ 1\.name: /u);
    expect(() => parse(listOf(named), {}, "x")).toThrow(/expected array/u);
  });

  it("stops at the first wrong one of many", () => {
    const issues = listOf(named).safeParse(Array.from({ length: 1_000_000 }, () => 0)).error
      ?.issues;
    expect(issues).toHaveLength(1);
  });
});

describe("recordOf", () => {
  it("reads the values of an object, and stops at the first wrong one", () => {
    expect(parse(recordOf(z.number()), { a: 1, b: 2 }, "x")).toEqual({ a: 1, b: 2 });
    expect(() => parse(recordOf(z.number()), { a: 1, b: "2" }, "x")).toThrow(/ b: /u);
    const wrong = Object.fromEntries(Array.from({ length: 100_000 }, (_, at) => [`k${at}`, 0]));
    expect(recordOf(named).safeParse(wrong).error?.issues).toHaveLength(1);
  });

  it("names a place whose key is endless by its beginning", () => {
    const long = { ["k".repeat(1_000_000)]: "no number" };
    const read = (): unknown => parse(recordOf(z.number()), long, "x");
    expect(read).toThrow(/^.{100,500}$/u);
  });
});
