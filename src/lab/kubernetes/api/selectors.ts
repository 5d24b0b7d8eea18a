import { matchesExpression } from "../../../twin/kubernetes/label-selector.ts";
import type { KubeObject, SelectorExpression } from "../../../twin/kubernetes/objects.ts";
import { isObject } from "./json.ts";
import { badRequest } from "./status-error.ts";

export type Matches = (object: KubeObject) => boolean;

/** `app=web,tier!=db,env in (a, b),!old,new`. */
export function parseLabelSelector(text: string): Matches {
  const expressions = splitOutsideParentheses(text).map(parseRequirement);
  return (object) => expressions.every((each) => matchesExpression(each, object.metadata.labels));
}

const SET = /^(?<key>[^\s!=,()]+)\s+(?<operator>in|notin)\s*\((?<values>[^()]*)\)$/u;
const EQUALITY = /^(?<key>[^\s!=,()]+)\s*(?<operator>==|=|!=)\s*(?<value>[^\s=,()]*)$/u;
const EXISTENCE = /^(?<not>!?)\s*(?<key>[^\s!=,()]+)$/u;

function parseRequirement(text: string): SelectorExpression {
  const parsed = parseSet(text) ?? parseEquality(text) ?? parseExistence(text);
  if (parsed !== null) return parsed;
  throw badRequest(`unable to parse requirement: found '${text}', expected: a label requirement`);
}

function parseSet(text: string): SelectorExpression | null {
  const found = SET.exec(text)?.groups;
  if (found === undefined) return null;
  const { key = "", operator, values = "" } = found;
  return {
    key,
    operator: operator === "in" ? "In" : "NotIn",
    values: values.split(",").map((value) => value.trim()),
  };
}

function parseEquality(text: string): SelectorExpression | null {
  const found = EQUALITY.exec(text)?.groups;
  if (found === undefined) return null;
  const { key = "", operator, value = "" } = found;
  return { key, operator: operator === "!=" ? "NotIn" : "In", values: [value] };
}

function parseExistence(text: string): SelectorExpression | null {
  const found = EXISTENCE.exec(text)?.groups;
  if (found === undefined) return null;
  return { key: found["key"] ?? "", operator: found["not"] === "!" ? "DoesNotExist" : "Exists" };
}

function splitOutsideParentheses(text: string): readonly string[] {
  return text
    .split(/,(?![^()]*\))/u)
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

/** `metadata.name=x,spec.nodeName!=y`: any path of plain fields serves. An absent field is the empty text. */
export function parseFieldSelector(text: string): Matches {
  const terms = text
    .split(",")
    .filter((part) => part.trim() !== "")
    .map((part) => {
      const found = /^\s*(?<path>[\w.]+)\s*(?<operator>==|=|!=)\s*(?<value>.*?)\s*$/u.exec(part);
      if (found?.groups === undefined) {
        throw badRequest(`unable to parse field selector: invalid selector: '${part}'`);
      }
      const { path = "", operator, value = "" } = found.groups;
      return { path: path.split("."), negated: operator === "!=", value };
    });
  return (object) =>
    terms.every(({ path, negated, value }) => (fieldOf(object, path) === value) !== negated);
}

function fieldOf(object: KubeObject, path: readonly string[]): string {
  let value: unknown = object;
  for (const field of path) value = isObject(value) ? value[field] : undefined;
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean"
    ? String(value)
    : "";
}
