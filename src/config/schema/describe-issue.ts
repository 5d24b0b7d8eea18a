import type { core } from "zod";
import type { Path } from "../problem.ts";
import { allowedHint } from "../nearest.ts";
import { isRecord, valueAt } from "../yaml/value-at.ts";
import { ALLOWED_KEYS_GLUE } from "./fields.ts";

/** One thing that is wrong, at the place in the plain data where it is. */
export interface Finding {
  readonly path: Path;
  /** The key itself is wrong, not its value. */
  readonly atKey: boolean;
  readonly message: string;
}

type Issue = core.$ZodIssue;

/** What a schema found, in our own words. `root` is the value that was validated. */
export function describeIssue(issue: Issue, root: unknown): readonly Finding[] {
  const path = issue.path.map((step) => (typeof step === "number" ? step : String(step)));
  const value = valueAt(root, path);
  const here = (message: string): readonly Finding[] => [{ path, atKey: false, message }];
  if (issue.code === "unrecognized_keys") return unknownKeys(issue, path);
  if (issue.code === "invalid_key") {
    return [{ path, atKey: true, message: issue.issues[0]?.message ?? "is not a valid name" }];
  }
  if (value === undefined) return here(missing(issue));
  if (issue.code === "invalid_union") return describeUnion(issue, root, path);
  return here(describeValue(issue, value));
}

function missing(issue: Issue): string {
  const allowed = optionsOf(issue);
  return allowed === null ? "is missing" : `is missing; allowed: ${allowed.join(", ")}`;
}

/** The words that would do, where only certain ones do. */
function optionsOf(issue: Issue): readonly string[] | null {
  if (issue.code === "invalid_value") return issue.values.map(String);
  if (issue.code === "invalid_union" && "options" in issue && Array.isArray(issue.options)) {
    return issue.options.map(String);
  }
  return null;
}

function describeValue(
  issue: Exclude<
    Issue,
    core.$ZodIssueUnrecognizedKeys | core.$ZodIssueInvalidKey | core.$ZodIssueInvalidUnion
  >,
  value: unknown,
): string {
  switch (issue.code) {
    case "invalid_value":
      return notKnown(value, issue.values.map(String));
    case "invalid_type":
      return `must be ${typeName(issue.expected)}, is ${shown(value)}`;
    case "too_small":
      return `must be at least ${amount(issue.minimum, issue.origin)}, is ${shown(value)}`;
    case "too_big":
      return `must be at most ${amount(issue.maximum, issue.origin)}, is ${shown(value)}`;
    case "invalid_format":
    case "not_multiple_of":
    case "invalid_element":
    case "custom":
      return issue.message;
  }
}

function unknownKeys(issue: core.$ZodIssueUnrecognizedKeys, path: Path): readonly Finding[] {
  const allowed = issue.message.split(ALLOWED_KEYS_GLUE);
  return issue.keys.map((key) => ({
    path: [...path, key],
    atKey: true,
    message: `"${key}" is not a known key; ${allowedHint(key, allowed)}`,
  }));
}

/** The branch that the user meant is the one whose very type fits; inside it the findings are told. */
function describeUnion(
  issue: core.$ZodIssueInvalidUnion,
  root: unknown,
  path: Path,
): readonly Finding[] {
  const value = valueAt(root, path);
  const options = optionsOf(issue);
  if (options !== null) return [{ path, atKey: false, message: notKnown(value, options) }];
  const fitting = issue.errors.find((branch) => !branch.some((each) => isWrongType(each, value)));
  const takesMaps = issue.errors.some(([first]) => first?.code === "invalid_type");
  const orMap = takesMaps ? ["or a map with a kind"] : [];
  const nested = (fitting ?? []).flatMap((each) =>
    each.code === "invalid_value" && each.path.length === 0
      ? [{ path, atKey: false, message: notKnown(value, [...each.values.map(String), ...orMap]) }]
      : describeIssue({ ...each, path: [...path, ...each.path] }, root),
  );
  if (nested.length > 0) return nested;
  return [{ path, atKey: false, message: `${shown(value)} is of the wrong type` }];
}

function isWrongType(issue: Issue, value: unknown): boolean {
  if (issue.path.length > 0) return false;
  if (issue.code === "invalid_type") return true;
  return issue.code === "invalid_value" && typeof value !== "string";
}

function notKnown(value: unknown, allowed: readonly string[]): string {
  const word = typeof value === "string" ? value : JSON.stringify(value);
  return `${shown(value)} is not known; ${allowedHint(word, allowed)}`;
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return "a list";
  if (isRecord(value)) return "a map";
  if (value === null) return "empty";
  const text = JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}..."` : text;
}

function typeName(expected: string): string {
  const names: Readonly<Record<string, string>> = {
    object: "a map",
    record: "a map of names",
    array: "a list",
    string: "a text",
    number: "a number",
    int: "a whole number",
    boolean: "true or false",
  };
  return names[expected] ?? expected;
}

function amount(limit: number | bigint, origin: string): string {
  if (origin === "string") return `${limit} characters long`;
  return origin === "array" ? `${limit} long` : String(limit);
}
