import { middleMs } from "../../base/interval.ts";
import type { RuleVerdict, RunReport } from "../../model/run-report.ts";
import type { TrialResult } from "../../model/trial-result.ts";
import { outcomeWords } from "../words.ts";

export interface TestCase {
  readonly classname: string;
  readonly name: string;
  readonly milliseconds: number;
  readonly result: Result;
}

type Result =
  | { readonly kind: "passed" }
  | {
      readonly kind: "failure" | "error";
      readonly type: string;
      readonly message: string;
    }
  | { readonly kind: "skipped"; readonly message: string };

/**
 * The whole run, its verdict, its rules, then every trial that was planned. What says nothing (void, inconclusive) is an error and
 * never green; what did not take place is skipped. So a suite whose verdict is not pass is not green, with rules or without.
 */
export const casesOf = (report: RunReport): readonly TestCase[] => [
  runCase(report),
  verdictCase(report),
  ...report.verdict.rules.map((rule) => ruleCase(rule, report)),
  ...report.trials.map((trial) => trialCase(trial, report)),
  ...missingCases(report),
];

const passed = { kind: "passed" } as const;

const runCase = ({ experiment, end, end_detail }: RunReport): TestCase => ({
  classname: `${experiment.name}.run`,
  name: "the run ends with its clusters restored",
  milliseconds: 0,
  result:
    end === "completed"
      ? passed
      : { kind: "error", type: end ?? "unfinished", message: end_detail },
});

/** A verdict of fail is its rules' failure, and not one more. */
const verdictCase = ({ experiment, verdict }: RunReport): TestCase => ({
  classname: `${experiment.name}.run`,
  name: "the run comes to a verdict",
  milliseconds: 0,
  result:
    verdict.name === "inconclusive"
      ? { kind: "error", type: verdict.name, message: verdict.why }
      : passed,
});

const ruleCase = (rule: RuleVerdict, { experiment }: RunReport): TestCase => ({
  classname: `${experiment.name}.rules`,
  name: `${rule.arm}: ${rule.text}`,
  milliseconds: 0,
  result: ruleResult(rule),
});

function ruleResult({ name, saw }: RuleVerdict): Result {
  switch (name) {
    case "pass":
      return passed;
    case "fail":
      return { kind: "failure", type: "rule", message: saw };
    case "inconclusive":
      return { kind: "error", type: name, message: saw };
  }
}

const trialCase = (trial: TrialResult, { experiment, verdict }: RunReport): TestCase => ({
  classname: `${experiment.name}.${trial.arm}`,
  name: trial.trial,
  milliseconds: trial.durations_ms.recovery === null ? 0 : middleMs(trial.durations_ms.recovery),
  result: trialResult(
    trial,
    verdict.rules.filter(({ broken_by }) => broken_by.includes(trial.trial)),
  ),
});

/** Censored is worse than any rule that it breaks by that. */
function trialResult({ outcome }: TrialResult, broken: readonly RuleVerdict[]): Result {
  const message = outcomeWords(outcome);
  switch (outcome.kind) {
    case "recovered":
    case "no-outage":
      return broken.length === 0
        ? passed
        : {
            kind: "failure",
            type: "rule",
            message: `breaks ${broken.map(({ text }) => text).join(", ")}`,
          };
    case "censored":
      return { kind: "failure", type: outcome.kind, message };
    case "void":
      return { kind: "error", type: outcome.kind, message };
    case "refused":
    case "interrupted":
      return { kind: "skipped", message };
  }
}

const missingCases = ({ arms, trials, experiment }: RunReport): readonly TestCase[] =>
  arms.flatMap(({ name, planned }) => {
    const seen = new Set(trials.filter(({ arm }) => arm === name).map((each) => each.repetition));
    return Array.from({ length: planned }, (_, index) => index + 1)
      .filter((repetition) => !seen.has(repetition))
      .map((repetition) => ({
        classname: `${experiment.name}.${name}`,
        name: `repetition ${repetition}`,
        milliseconds: 0,
        result: { kind: "skipped", message: "planned, but it did not take place" },
      }));
  });
