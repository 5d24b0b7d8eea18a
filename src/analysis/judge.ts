import { counted } from "../base/counted.ts";
import { describeError } from "../base/errors.ts";
import type { Acceptance } from "../model/experiment.ts";
import type { RuleVerdict, Verdict } from "../model/run-report.ts";
import type { JudgedArm } from "./judge-rule.ts";
import { countValid, judgeRule } from "./judge-rule.ts";

export interface PlannedArm extends Omit<JudgedArm, "minValid"> {
  readonly planned: number;
}

/**
 * The verdict on a run: fail when a rule fails, pass when all pass and every arm has its valid trials, inconclusive
 * otherwise. An experiment without rules asks only for its valid trials, however they came out. An error while judging
 * is inconclusive.
 */
export function judge(acceptance: Acceptance, arms: readonly PlannedArm[]): Verdict {
  try {
    const judged = arms.map((arm) => ({ ...arm, minValid: acceptance.min_valid ?? arm.planned }));
    const rules = acceptance.rules.flatMap((rule) =>
      judged
        .filter(({ name }) => rule.arm === null || rule.arm === name)
        .map((arm) => judgeRule(rule, arm)),
    );
    return { ...conclude(rules, judged), rules };
  } catch (error) {
    const why = `The run could not be judged: ${describeError(error)}.`;
    return { name: "inconclusive", why, rules: [] };
  }
}

function conclude(
  rules: readonly RuleVerdict[],
  arms: readonly JudgedArm[],
): Pick<Verdict, "name" | "why"> {
  const failed = rules.filter(({ name }) => name === "fail");
  if (failed.length > 0) return { name: "fail", why: `Broken: ${inWords(failed)}.` };
  const short = arms.filter((arm) => countValid(arm) < arm.minValid);
  if (short.length > 0) {
    const counts = short.map((arm) => `${arm.name} has ${countValid(arm)} of ${arm.minValid}`);
    return { name: "inconclusive", why: `Too few valid trials: ${counts.join(", ")}.` };
  }
  const open = rules.filter(({ name }) => name === "inconclusive");
  if (open.length > 0) return { name: "inconclusive", why: `Undecided: ${inWords(open)}.` };
  return { name: "pass", why: passed(rules, arms) };
}

function passed(rules: readonly RuleVerdict[], arms: readonly JudgedArm[]): string {
  const valid = arms.reduce((total, arm) => total + countValid(arm), 0);
  const lost = arms
    .flatMap(({ trials }) => trials)
    .filter(({ outcome }) => outcome.kind === "censored").length;
  const trials = `over ${counted(valid, "valid trial")}${lost === 0 ? "" : `, ${lost} of them still down at their limit`}`;
  return rules.length === 0
    ? `No rule was set; all was seen ${trials}.`
    : `All rules hold ${trials}.`;
}

const inWords = (rules: readonly RuleVerdict[]): string =>
  rules.map(({ arm, text, saw }) => `${text} on ${arm} (${saw})`).join("; ");
