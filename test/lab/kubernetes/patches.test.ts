import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyJsonPatch } from "../../../src/lab/kubernetes/api/json-patch.ts";
import { sameJson } from "../../../src/lab/kubernetes/api/json.ts";
import {
  applyMergePatch,
  applyStrategicMergePatch,
} from "../../../src/lab/kubernetes/api/merge-patch.ts";

const seed = 20_260_101;

describe("applyMergePatch", () => {
  test("obeys the examples of RFC 7386", () => {
    const cases: readonly (readonly [unknown, unknown, unknown])[] = [
      [{ a: "b" }, { a: "c" }, { a: "c" }],
      [{ a: "b" }, { b: "c" }, { a: "b", b: "c" }],
      [{ a: "b" }, { a: null }, {}],
      [{ a: ["b"] }, { a: "c" }, { a: "c" }],
      [{ a: "c" }, { a: ["b"] }, { a: ["b"] }],
      [{ a: { b: "c" } }, { a: { b: "d", c: null } }, { a: { b: "d" } }],
      [{ a: [{ b: "c" }] }, { a: [1] }, { a: [1] }],
      [
        ["a", "b"],
        ["c", "d"],
        ["c", "d"],
      ],
      [{ a: "b" }, ["c"], ["c"]],
      [{ e: null }, { a: 1 }, { e: null, a: 1 }],
      [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
    ];
    for (const [document, patch, result] of cases) {
      expect(applyMergePatch(document, patch)).toEqual(result);
    }
  });

  test("changes nothing when it is applied twice, and never its input", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (document, patch) => {
        const before = JSON.stringify(document);
        const once = applyMergePatch(document, patch);
        expect(JSON.stringify(document)).toBe(before);
        expect(sameJson(applyMergePatch(once, patch), once)).toBe(true);
      }),
      { seed },
    );
  });
});

describe("applyJsonPatch", () => {
  test("obeys RFC 6902: add, replace, remove, move, copy, test", () => {
    const document = { a: { b: [1, 2] }, "c/d": 3 };
    const apply = (...steps: readonly object[]): unknown => applyJsonPatch(document, steps);
    expect(apply({ op: "add", path: "/a/b/1", value: 9 })).toMatchObject({ a: { b: [1, 9, 2] } });
    expect(apply({ op: "add", path: "/a/b/-", value: 9 })).toMatchObject({ a: { b: [1, 2, 9] } });
    expect(apply({ op: "replace", path: "/a/b/0", value: 9 })).toMatchObject({ a: { b: [9, 2] } });
    expect(apply({ op: "remove", path: "/c~1d" })).toEqual({ a: { b: [1, 2] } });
    expect(apply({ op: "move", from: "/a/b", path: "/e" })).toEqual({ a: {}, "c/d": 3, e: [1, 2] });
    expect(apply({ op: "copy", from: "/c~1d", path: "/a/f" })).toMatchObject({ a: { f: 3 } });
    expect(apply({ op: "test", path: "/a/b", value: [1, 2] })).toEqual(document);
    expect(() => apply({ op: "test", path: "/a/b", value: [2, 1] })).toThrow(/differs/);
    expect(() => apply({ op: "replace", path: "/none", value: 1 })).toThrow(/does not exist/);
    expect(() => apply({ op: "add", path: "/a/b/7", value: 1 })).toThrow(/does not exist/);
    expect(() => apply({ op: "explode", path: "/a" })).toThrow(/not a list/);
  });
});

describe("applyStrategicMergePatch", () => {
  const pod = {
    containers: [
      { name: "a", image: "1", env: [{ name: "x", value: "1" }] },
      { name: "b", image: "2" },
    ],
    tolerations: [{ key: "k" }],
    finalizers: ["one"],
  };

  test("merges containers and their environment by name, and replaces other lists", () => {
    const patch = {
      containers: [{ name: "a", env: [{ name: "y", value: "2" }] }],
      tolerations: [{ key: "other" }],
      finalizers: ["two"],
    };
    expect(applyStrategicMergePatch(pod, patch)).toEqual({
      containers: [
        {
          name: "a",
          image: "1",
          env: [
            { name: "x", value: "1" },
            { name: "y", value: "2" },
          ],
        },
        { name: "b", image: "2" },
      ],
      tolerations: [{ key: "other" }],
      finalizers: ["one", "two"],
    });
  });

  test("obeys its directives", () => {
    const patch = {
      containers: [{ $patch: "delete", name: "b" }],
      "$setElementOrder/containers": [{ name: "a" }],
      "$deleteFromPrimitiveList/finalizers": ["one"],
      tolerations: [{ $patch: "replace" }, { key: "only" }],
    };
    expect(applyStrategicMergePatch(pod, patch)).toMatchObject({
      containers: [{ name: "a" }],
      finalizers: [],
      tolerations: [{ key: "only" }],
    });
    expect(applyStrategicMergePatch({ a: 1 }, { $patch: "replace", b: 2 })).toEqual({ b: 2 });
  });
});
