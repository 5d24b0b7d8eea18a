import { describe, expect, it } from "vitest";
import { jsonOf } from "../../../src/clients/shared/response-body.ts";

describe("jsonOf", () => {
  it("reads what is modest, whatever its strings look like", () => {
    const value = { a: ["[[[", String.raw`\"{{{`, "\\", "}"], b: [[[]]] };
    const many = JSON.stringify(Array.from({ length: 300 }, () => value));
    expect(jsonOf(many)).toEqual(Array.from({ length: 300 }, () => value));
  });

  it("refuses what is nested so deeply that whoever walks through it would run out of stack", () => {
    expect(jsonOf("[".repeat(10_000) + "]".repeat(10_000))).toBeUndefined();
    expect(jsonOf(`${'{"a":'.repeat(10_000)}0${"}".repeat(10_000)}`)).toBeUndefined();
    expect(jsonOf("[".repeat(5_000_000))).toBeUndefined();
  });

  it("refuses values without number, which take many times the length of their text", () => {
    expect(jsonOf(`[${"{},".repeat(4_000_000)}0]`)).toBeUndefined();
  });
});
