import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";

const TESTS = join(import.meta.dirname, "..");

/** Where a literal RegExp stands in an object that is compared by its keys: a RegExp has none, and so matches everything. */
function vacuousIn(file: string, text: string): readonly string[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const found: string[] = [];
  const walk = (node: ts.Node, compared: boolean): void => {
    if (compared && node.kind === ts.SyntaxKind.RegularExpressionLiteral) {
      found.push(
        `${file}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}: wants expect.stringMatching`,
      );
    }
    const inside = ts.isCallExpression(node) ? comparesByKeys(node) : compared;
    ts.forEachChild(node, (child) => {
      walk(child, inside);
    });
  };
  walk(source, false);
  return found;
}

const comparesByKeys = ({ expression }: ts.CallExpression): boolean =>
  ts.isPropertyAccessExpression(expression) &&
  ["toMatchObject", "objectContaining"].includes(expression.name.text);

it("finds a RegExp that would be compared by its keys", () => {
  expect(
    vacuousIn("a.test.ts", "expect(a).toMatchObject({ b: { c: /x/u }, d: expect.any(/y/u) });"),
  ).toEqual(["a.test.ts:1: wants expect.stringMatching"]);
});

it("no test compares a text with a RegExp that would match everything", () => {
  const files = readdirSync(TESTS, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ name, text: readFileSync(join(TESTS, name), "utf8") }))
    .filter(({ text }) => /toMatchObject|objectContaining/u.test(text));
  expect(files.length).toBeGreaterThan(50);
  expect(files.flatMap(({ name, text }) => vacuousIn(name, text))).toEqual([]);
});
