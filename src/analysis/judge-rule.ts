import { describeError } from "../base/errors.ts";
import type { RangeMs } from "../base/interval.ts";
import { middleMs } from "../base/interval.ts";
import type { AcceptanceRule } from "../model/experiment.ts";
import type { RuleVerdict, VerdictName } from "../model/run-report.ts";
import type { TrialResult } from "../model/trial-result.ts";
import { labelOf, statistic } from "./quantile.ts";
import { boundsOf, isValid, isWhole } from "./trial-bounds.ts";

/** The trials that one rule is held against. */
export interface JudgedArm {
  readonly name: string;
  /** Results of those that were started. */
  readonly trials: readonly TrialResult[];
  /** Valid trials that a pass needs. */
  readonly minValid: number;
}

/**
 * One rule for one arm: pass when it is true over the whole interval of its statistic and enough trials are valid, fail
 * when it is false over the whole, inconclusive otherwise. An error while judging is inconclusive.
 */
export function judgeRule(rule: AcceptanceRule, arm: JudgedArm): RuleVerdict {
  const named = { text: rule.text, arm: arm.name };
  try {
    return { ...named, ...judged(rule, arm), broken_by: breakers(rule, arm) };
  } catch (error) {
    return {
      ...named,
      name: "inconclusive",
      saw: `it could not be judged: ${describeError(error)}`,
      broken_by: [],
    };
  }
}

function judged(rule: AcceptanceRule, arm: JudgedArm): Pick<RuleVerdict, "name" | "saw"> {
  const { range, saw } = observe(rule, arm);
  if (range === null) return { name: "inconclusive", saw };
  const found = compare(rule.comparison, range, limitOf(rule));
  const valid = countValid(arm);
  return found === "true" && valid < arm.minValid && !isExact(rule)
    ? { name: "inconclusive", saw: `${saw}; ${valid} of ${arm.minValid} trials valid` }
    : { name: nameOf[found], saw };
}

/** A limit above the largest or below the smallest is one for every trial: those that lie wholly beyond it break it. */
function breakers({ subject, comparison }: AcceptanceRule, arm: JudgedArm): readonly string[] {
  if (subject.kind === "count") return [];
  const { measure, statistic: name, limit_ms } = subject;
  const ofEach =
    (name === "max" && (comparison === "<" || comparison === "<=")) ||
    (name === "min" && (comparison === ">" || comparison === ">="));
  if (!ofEach) return [];
  return arm.trials
    .filter(isValid)
    .filter((trial) => compare(comparison, boundsOf(trial, measure), limit_ms) === "false")
    .map(({ trial }) => trial);
}

type Truth = "true" | "false" | "open";

interface Observation {
  /** Null: no valid trial, so nothing is known. */
  readonly range: RangeMs | null;
  readonly saw: string;
}

const nameOf: Readonly<Record<Truth, VerdictName>> = {
  true: "pass",
  false: "fail",
  open: "inconclusive",
};

/** A count of void trials is no less certain for those trials being void. */
const isExact = ({ subject }: AcceptanceRule): boolean =>
  subject.kind === "count" && subject.outcome === "void";

export const countValid = (arm: JudgedArm): number => arm.trials.filter(isValid).length;

const limitOf = ({ subject }: AcceptanceRule): number =>
  subject.kind === "count" ? subject.limit : subject.limit_ms;

function compare(
  comparison: AcceptanceRule["comparison"],
  [low, high]: RangeMs,
  limit: number,
): Truth {
  switch (comparison) {
    case "<":
      return truth(high < limit, low >= limit);
    case "<=":
      return truth(high <= limit, low > limit);
    case ">":
      return truth(low > limit, high <= limit);
    case ">=":
      return truth(low >= limit, high < limit);
    case "==":
      return truth(low === limit && high === limit, high < limit || low > limit);
  }
}

const truth = (always: boolean, never: boolean): Truth =>
  always ? "true" : never ? "false" : "open";

function observe({ subject }: AcceptanceRule, arm: JudgedArm): Observation {
  if (subject.kind === "count") {
    const kind = subject.outcome === "lost" ? "censored" : "void";
    const count = arm.trials.filter(({ outcome }) => outcome.kind === kind).length;
    return { range: [count, count], saw: `${count} of ${arm.trials.length} ${subject.outcome}` };
  }
  const valid = arm.trials.filter(isValid);
  if (valid.length === 0) return { range: null, saw: "no valid trial" };
  const bounds = valid.map((trial) => boundsOf(trial, subject.measure));
  const low = statistic(
    subject.statistic,
    bounds.map((range) => range[0]),
  );
  const high = statistic(
    subject.statistic,
    bounds.map((range) => range[1]),
  );
  const value = statistic(subject.statistic, bounds.map(middleMs));
  const what = `${subject.statistic} of ${subject.measure}`;
  return {
    range: [low, high],
    saw: `${what} is ${rangeInWords(value, low, high)}${remarks(valid, subject)}`,
  };
}

/** The value is the one that tables show: of the middles, which need not be the middle of the range. */
const rangeInWords = (value: number, low: number, high: number): string =>
  Number.isFinite(high)
    ? `${inSeconds(value)} s (${inSeconds(low)} .. ${inSeconds(high)})`
    : `at least ${inSeconds(low)} s`;

const inSeconds = (ms: number): string => (ms / 1000).toFixed(1);

function remarks(
  valid: readonly TrialResult[],
  subject: Extract<AcceptanceRule["subject"], { readonly kind: "duration" }>,
): string {
  const censored = valid.filter(({ outcome }) => outcome.kind === "censored").length;
  const unseen = valid.filter(
    ({ outcome, durations_ms }) =>
      durations_ms[subject.measure] === null &&
      (outcome.kind === "recovered" || (outcome.kind === "no-outage" && !isWhole(subject.measure))),
  ).length;
  return [
    labelOf(subject.statistic, valid.length) ?? "",
    censored === 0 ? "" : `${censored} of ${valid.length} still down at the limit`,
    unseen === 0 ? "" : `not measured in ${unseen} of ${valid.length}`,
  ]
    .filter((remark) => remark !== "")
    .map((remark) => `; ${remark}`)
    .join("");
}
