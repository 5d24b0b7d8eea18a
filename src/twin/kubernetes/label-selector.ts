import type { LabelSelector, Labels, SelectorExpression } from "./objects.ts";

/** A selector without any requirement matches everything. */
export const matchesSelector = (selector: LabelSelector, labels: Labels | undefined): boolean =>
  matchesLabels(selector.matchLabels, labels) &&
  (selector.matchExpressions ?? []).every((expression) => matchesExpression(expression, labels));

export const matchesLabels = (wanted: Labels | undefined, labels: Labels | undefined): boolean =>
  Object.entries(wanted ?? {}).every(([key, value]) => labels?.[key] === value);

export function matchesExpression(
  expression: SelectorExpression,
  labels: Labels | undefined,
): boolean {
  const value = labels?.[expression.key];
  const values = expression.values ?? [];
  switch (expression.operator) {
    case "In":
      return value !== undefined && values.includes(value);
    case "NotIn":
      return value === undefined || !values.includes(value);
    case "Exists":
      return value !== undefined;
    case "DoesNotExist":
      return value === undefined;
    default:
      return false;
  }
}
