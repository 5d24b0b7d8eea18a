import type { AcceptanceRule } from "../../model/experiment.ts";
import { durationMeasures, statisticNames } from "../../model/experiment.ts";
import { allowedHint } from "../nearest.ts";
import { parseDuration } from "../schema/parse-duration.ts";

export type Rule = Omit<AcceptanceRule, "arm">;
type Result<T> = { readonly value: T } | { readonly problem: string };

const FORM = 'must be like "recovery.p95 <= 150s" or "lost == 0"';
const RULE = /^\s*([\w-]+)(?:\.([\w-]+))?\s*(<=|>=|==|<|>)\s*(\S+)\s*$/;
const outcomes = ["lost", "void"] as const;

/** `recovery.p95 <= 150s`, `lost == 0`: a measure's statistic against a duration, or trials counted. */
export function parseRule(text: string): Result<Rule> {
  const [, subject, statistic, sign, limit] = RULE.exec(text) ?? [];
  const comparison = (["<", "<=", ">", ">=", "=="] as const).find((each) => each === sign);
  if (subject === undefined || comparison === undefined || limit === undefined) {
    return { problem: FORM };
  }
  const outcome = outcomes.find((each) => each === subject);
  if (outcome !== undefined && statistic === undefined) {
    if (!/^\d{1,9}$/.test(limit)) return { problem: `${outcome} counts trials; ${limit} does not` };
    return {
      value: { text, comparison, subject: { kind: "count", outcome, limit: Number(limit) } },
    };
  }
  return durationRule({ text, measure: subject, statistic: statistic ?? "", comparison, limit });
}

function durationRule(parts: {
  readonly text: string;
  readonly measure: string;
  readonly statistic: string;
  readonly comparison: AcceptanceRule["comparison"];
  readonly limit: string;
}): Result<Rule> {
  const measure = durationMeasures.find((each) => each === parts.measure);
  if (measure === undefined) {
    const allowed = [...durationMeasures, ...outcomes];
    return { problem: `"${parts.measure}" is no measure; ${allowedHint(parts.measure, allowed)}` };
  }
  const statistic = statisticNames.find((each) => each === parts.statistic);
  if (statistic === undefined) {
    const hint = allowedHint(parts.statistic, statisticNames);
    return { problem: `"${parts.measure}.${parts.statistic}" has no known statistic; ${hint}` };
  }
  if (parts.comparison === "==") {
    return { problem: "no measured duration equals another; compare with <, <=, > or >=" };
  }
  const limit = parseDuration(parts.limit);
  if ("problem" in limit) return limit;
  return {
    value: {
      text: parts.text,
      comparison: parts.comparison,
      subject: { kind: "duration", measure, statistic, limit_ms: limit.value },
    },
  };
}
